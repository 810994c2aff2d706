import { Injectable } from '@nestjs/common';
import type { profiles, TableCounts } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf } from '#libs/platform/messages';
import { personalTables } from './personal-data.js';

/** About how many rows a transaction deletes, so that a user of a million events holds nothing up. */
const batch = 10_000;

/** Erases what profiles holds about users. The tombstones stay. */
@Injectable()
export class EraseProfile {
  constructor(private readonly database: Database) {}

  async execute({ realmId, userIds }: RequestOf<typeof profiles.eraseProfile>): Promise<TableCounts> {
    const erased: TableCounts = {};
    for (const { table, erase } of personalTables) {
      let sum = 0;
      for (let rows = 1; rows > 0; sum += rows) rows = await this.database.execute(erase, [realmId, userIds, batch]);
      erased[table] = sum;
    }
    return erased;
  }
}
