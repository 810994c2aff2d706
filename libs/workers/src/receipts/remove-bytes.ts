import { Inject, Injectable } from '@nestjs/common';
import { deadRowsOwners } from '#libs/contracts';
import type { ConfigValues } from '#libs/platform/config';
import { Database, removeDeadRows, removeWriteAheadLog, type DeadRowsReport, type WriteAheadLogOutcome } from '#libs/platform/database';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { passingTables, personalTables } from '../database/personal-data.js';
import { receiptsConfig } from './receipts.config.js';
import { RemovalMarksRepository } from './removal-marks.repository.js';

/** What was done in one go: tables by service, then the write-ahead log, which has all of it once more. */
export interface RemovedBytes {
  services: Record<string, DeadRowsReport>;
  writeAheadLog: WriteAheadLogOutcome;
}

/** Has every service write its tables anew, one after the other, and the server then drop its write-ahead log. */
@Injectable()
export class RemoveBytes {
  constructor(
    private readonly database: Database,
    private readonly rpc: RpcClient,
    private readonly marks: RemovalMarksRepository,
    @Inject(receiptsConfig.token) private readonly config: ConfigValues<typeof receiptsConfig>,
  ) {}

  /** @throws Failure `service-unavailable` */
  async remove(context: CallContext): Promise<RemovedBytes> {
    const marks = await this.marks.list(this.database);
    const largestBytes = this.config.ERASURE_REWRITE_MAX_MB * 1024 * 1024;
    const order = (service: string) => ({ since: marks.get(service) ?? {}, largestBytes });
    const services: Record<string, DeadRowsReport> = {};
    for (const [service, message] of Object.entries(deadRowsOwners)) services[service] = (await this.rpc.call(message, order(service), context)).tables;
    const tables = [personalTables, passingTables, { mails: '' }].flatMap((list) => Object.keys(list));
    services['operations'] = await removeDeadRows(this.database, { ...order('operations'), tables });
    return { services, writeAheadLog: await removeWriteAheadLog(this.database) };
  }
}
