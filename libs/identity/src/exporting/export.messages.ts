import { Injectable } from '@nestjs/common';
import { exportSources } from '#libs/contracts';
import { Database, walkRows } from '#libs/platform/database';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { exportedTables } from './exported-tables.js';

const walks = Object.values(exportedTables);

@Injectable()
export class ExportMessages {
  constructor(private readonly database: Database) {}

  @Handles(exportSources.identity)
  async export(...[{ realmId, userId, after }]: HandlerArguments<typeof exportSources.identity>) {
    return walkRows(this.database, walks, [realmId, userId], after);
  }
}
