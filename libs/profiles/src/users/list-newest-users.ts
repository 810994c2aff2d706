import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf } from '#libs/platform/messages';
import { howManyFit } from './answer-size.js';
import { NewestCursors } from './newest-cursors.js';
import { UserPagesRepository } from './user-pages.repository.js';

/** A page of the users of a realm, newest first. */
@Injectable()
export class ListNewestUsers {
  constructor(
    private readonly database: Database,
    private readonly pages: UserPagesRepository,
    private readonly cursors: NewestCursors,
  ) {}

  async execute({ realmId, limit, cursor }: RequestOf<typeof profiles.listNewestUsers>): Promise<{ users: profiles.Profile[]; nextCursor: string | null }> {
    const before = cursor === undefined ? undefined : this.cursors.open(cursor, realmId);
    // One more than asked says whether there is a next page.
    const found = await this.pages.newest(this.database, realmId, before, limit + 1);
    const users = found.slice(0, limit).map(({ user }) => user);
    const fitting = howManyFit(users);
    return { users: users.slice(0, fitting), nextCursor: fitting < found.length ? this.cursors.seal(found[fitting - 1]!.seq, realmId) : null };
  }
}
