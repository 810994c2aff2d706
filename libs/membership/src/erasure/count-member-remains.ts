import { Injectable } from '@nestjs/common';
import type { TableCounts } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { personalTables } from './personal-data.js';

@Injectable()
export class CountMemberRemains {
  constructor(private readonly database: Database) {}

  /** @returns the rows that are still about the users, per table */
  async count(userIds: readonly string[]): Promise<TableCounts> {
    const remains: TableCounts = {};
    for (const { table, count } of personalTables) {
      const [row] = await this.database.query<{ remains: number }>(count, [userIds]);
      remains[table] = row!.remains;
    }
    return remains;
  }
}
