import { Injectable } from '@nestjs/common';
import { profiles, type Actor } from '#libs/contracts';
import { isFailure, platformErrors, type Failure } from '#libs/platform/errors';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import type { RowResult, SoundRow } from './import-batch.js';
import type { ImportId, TakenImport } from './imports.repository.js';

type Rows = readonly { line: number; row: SoundRow }[];

/** Has profiles write rows. */
@Injectable()
export class WriteBatch {
  constructor(private readonly rpc: RpcClient) {}

  /**
   * Writing the same rows again does nothing, and answers the same.
   * @returns what became of each, in order
   * @throws Failure while profiles is out of reach, or somebody else writes the same rows
   */
  async write(which: ImportId, job: TakenImport, rows: Rows, context: CallContext, isPart = false): Promise<RowResult[]> {
    if (rows.length === 0) return [];
    try {
      return await this.send(which, job, rows, context, isPart);
    } catch (error) {
      if (!isFailure(error) || passes(error)) throw error;
      // Something that nobody foresaw, in one of the rows: the others are written without it.
      if (rows.length === 1) return [{ failure: { code: error.value.code, message: 'could not be written' } }];
      const half = Math.ceil(rows.length / 2);
      return [...(await this.write(which, job, rows.slice(0, half), context, true)), ...(await this.write(which, job, rows.slice(half), context, true))];
    }
  }

  private async send({ projectId, importId }: ImportId, { kind, dryRun: checkOnly, requestedBy, requestedByType }: TakenImport, rows: Rows, context: CallContext, isPart: boolean): Promise<RowResult[]> {
    const realmId = projectId;
    if (kind === 'users') {
      const actor: Actor = { type: requestedByType, id: requestedBy };
      const users = rows.flatMap(({ row }) => (row.kind === 'users' ? [row.user] : []));
      const { results } = await this.rpc.call(profiles.loadUsers, { realmId, users, checkOnly, actor }, context);
      // A custom field that is being converted: the rows are written again when it is done.
      if (results.some((result) => 'failure' in result && result.failure.code === 'field-busy')) throw platformErrors.failure('service-unavailable', 'A custom field is being converted.', { retryAfter: 1 });
      return results.map((result) => ('failure' in result ? result : result.written));
    }
    const events = rows.flatMap(({ row }) => (row.kind === 'events' ? [row.event] : []));
    const { results } = await this.rpc.call(profiles.loadEvents, { realmId, importId, batch: rows[0]!.line, isPart, events, checkOnly }, context);
    return results.map((result) => ('failure' in result ? result : result.stored === 'now' ? 'created' : 'skipped'));
  }
}

function passes({ value: { kind, code } }: Failure): boolean {
  return kind === 'unavailable' || code === 'idempotency-key-in-use';
}
