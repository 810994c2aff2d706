import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { countUsers } from '../directory/directory-lists.js';
import { realmDaysRepository } from './realm-days.repository.js';

/** A realm's figures, day by day. */
@Injectable()
export class CountRealmDays {
  constructor(private readonly database: Database) {}

  async execute({ realmId, from, to }: RequestOf<typeof profiles.countRealmDays>): Promise<ResponseOf<typeof profiles.countRealmDays>> {
    const [days, [total]] = await Promise.all([realmDaysRepository.list(this.database, realmId, from, to), this.database.query<{ count: number }>(countUsers, [realmId])]);
    return { users: Number(total?.count ?? 0), days };
  }
}
