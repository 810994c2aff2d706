import { Injectable } from '@nestjs/common';
import type { TableCounts } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { CallContext } from '#libs/platform/messages';
import { HideMembers } from './hide-members.js';
import { personalTables } from './personal-data.js';

@Injectable()
export class EraseMembers {
  constructor(
    private readonly database: Database,
    private readonly hideMembers: HideMembers,
  ) {}

  /** @returns the rows erased, per table; of users who are erased already none */
  async erase(userIds: readonly string[], context: CallContext): Promise<TableCounts> {
    return this.database.withTransaction(async (tx) => {
      // Whoever asks without having hidden them: the tombstone comes first here too, or a role could come after us.
      await this.hideMembers.hideWithin(tx, userIds, context);
      const erased: TableCounts = {};
      for (const { table, erase } of personalTables) erased[table] = await tx.execute(erase, [userIds]);
      return erased;
    });
  }
}
