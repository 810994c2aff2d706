import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import { ListReads } from '#libs/platform/database';
import type { RequestOf } from '#libs/platform/messages';
import { segmentNotFound } from '../segments/find-segments.js';
import { SegmentsRepository } from '../segments/segments.repository.js';
import { howManyFit } from './answer-size.js';
import { InsertionCursors } from '../paging/insertion-cursors.js';
import { UserPagesRepository } from './user-pages.repository.js';

/** A page of the users of a realm, newest first. */
@Injectable()
export class ListNewestUsers {
  constructor(
    private readonly reads: ListReads,
    private readonly pages: UserPagesRepository,
    private readonly cursors: InsertionCursors,
    private readonly segments: SegmentsRepository,
  ) {}

  async execute({ realmId, limit, cursor, segmentId }: RequestOf<typeof profiles.listNewestUsers>): Promise<{ users: profiles.Profile[]; nextCursor: string | null }> {
    // A cursor is of the realm's list or of one segment's.
    const list = ['newest', realmId.toLowerCase(), segmentId ?? null];
    const before = cursor === undefined ? undefined : this.cursors.open(cursor, list);
    // One more than asked says whether there is a next page.
    const found = await this.reads.run(async (from) => {
      if (segmentId !== undefined && (await this.segments.get(from, realmId, segmentId)) === undefined) throw segmentNotFound();
      return this.pages.newest(from, realmId, before, limit + 1, segmentId);
    });
    const users = found.slice(0, limit).map(({ user }) => user);
    const fitting = howManyFit(users);
    return { users: users.slice(0, fitting), nextCursor: fitting < found.length ? this.cursors.seal(found[fitting - 1]!.seq, list) : null };
  }
}
