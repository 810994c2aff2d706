import { Injectable } from '@nestjs/common';
import type { profiles, TableCounts } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf } from '#libs/platform/messages';
import { personalTables } from './personal-data.js';

/** Counts what profiles still holds about users. */
@Injectable()
export class CountProfileRemains {
  constructor(private readonly database: Database) {}

  async execute({ realmId, userIds }: RequestOf<typeof profiles.countProfileRemains>): Promise<TableCounts> {
    const remains: TableCounts = {};
    for (const { table, count } of personalTables) {
      const [row] = await this.database.query<{ remains: number }>(count, [realmId, userIds]);
      remains[table] = row?.remains ?? 0;
    }
    return remains;
  }
}
