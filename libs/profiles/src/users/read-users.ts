import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { howManyFit } from './answer-size.js';
import { UserPagesRepository } from './user-pages.repository.js';

/** Users of one look: what is read and does not fit is read again. */
const atOnce = 100;

/** Reads users by their ids, as many as an answer holds. */
@Injectable()
export class ReadUsers {
  constructor(
    private readonly database: Database,
    private readonly pages: UserPagesRepository,
  ) {}

  async execute({ realmId, userIds }: RequestOf<typeof profiles.readUsers>): Promise<ResponseOf<typeof profiles.readUsers>> {
    const asked = userIds.slice(0, atOnce);
    const found = new Map((await this.pages.byIds(this.database, realmId, asked)).map((user) => [user.userId, user]));
    const users = asked.flatMap((userId) => found.get(userId.toLowerCase()) ?? []);
    const fitting = users.slice(0, howManyFit(users));
    const last = fitting.length === users.length ? asked.length : asked.findIndex((userId) => userId.toLowerCase() === users[fitting.length]!.userId);
    return { users: fitting, rest: userIds.slice(last) };
  }
}
