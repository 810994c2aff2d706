import { Injectable } from '@nestjs/common';
import { exportSources } from '#libs/contracts';
import { Database, walkRows } from '#libs/platform/database';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { CollectAudit } from '../audit/collect-audit.js';
import { exportedRows } from './exported-tables.js';

@Injectable()
export class ExportMessages {
  constructor(
    private readonly database: Database,
    private readonly collectAudit: CollectAudit,
  ) {}

  /** What services have not handed over yet is fetched first: everything means everything. */
  @Handles(exportSources.operations)
  async export(...[{ realmId, userId, after }, context]: HandlerArguments<typeof exportSources.operations>) {
    if (after === null) await this.collectAudit.collect(context);
    return walkRows(this.database, exportedRows, [realmId, userId], after);
  }
}
