import { Inject, Injectable } from '@nestjs/common';
import type { ConfigValues } from '#libs/platform/config';
import { Database, sql, type DeadRowsReport, type Queryable } from '#libs/platform/database';
import type { CallContext } from '#libs/platform/messages';
import { ReceiptChain } from './receipt-chain.js';
import { receiptsConfig } from './receipts.config.js';
import { ReceiptsRepository } from './receipts.repository.js';
import { RemovalMarksRepository } from './removal-marks.repository.js';
import { RemoveBytes } from './remove-bytes.js';

/** Erasures that one removal confirms at the most. */
const batch = 10_000;

const clock = sql('removals.now', 'SELECT now() AS now');

@Injectable()
export class ConfirmRemovals {
  constructor(
    private readonly database: Database,
    private readonly removeBytes: RemoveBytes,
    private readonly chain: ReceiptChain,
    private readonly receipts: ReceiptsRepository,
    private readonly marks: RemovalMarksRepository,
    @Inject(receiptsConfig.token) private readonly config: ConfigValues<typeof receiptsConfig>,
  ) {}

  /**
   * Once an erasure is due, removes the bytes of all that are finished, and issues a receipt of it. A table that is busy is left to
   * the next time, until one of the erasures is late: then the receipt says that not everything was done.
   * @returns how many erasures
   */
  async confirm(context: CallContext): Promise<{ confirmed: number }> {
    const waiting = await this.receipts.unconfirmed(this.database, this.config.ERASURE_REMOVAL_AFTER, batch);
    if (!waiting.some(({ isDue }) => isDue)) return { confirmed: 0 };
    const beganAt = await now(this.database);
    const { services, writeAheadLog } = await this.removeBytes.remove(context);
    const outcomes = Object.values(services).flatMap((tables) => Object.values(tables).map(({ outcome }) => outcome));
    if (outcomes.includes('busy') && !waiting.some(({ isLate }) => isLate)) return { confirmed: 0 };
    const complete = writeAheadLog === 'removed' && outcomes.every((outcome) => outcome === 'rewritten' || outcome === 'unchanged');
    const sequences = waiting.map(({ sequence }) => sequence);
    await this.database.withTransaction(async (tx) => {
      const finishedAt = await now(tx);
      const { sequence } = await this.chain.append(tx, {
        kind: 'removal',
        erasures: sequences,
        began_at: beganAt,
        finished_at: finishedAt,
        complete,
        services: mapValues(services, (tables) => mapValues(tables, ({ outcome }) => outcome)),
        write_ahead_log: writeAheadLog,
        left: { backups_until: this.backupsUntil(finishedAt) },
      });
      await this.receipts.confirm(tx, sequence, sequences);
      for (const [service, tables] of Object.entries(services)) await this.marks.put(tx, service, marksOf(tables));
    });
    return { confirmed: sequences.length };
  }

  private backupsUntil(time: string): string | null {
    const { BACKUP_RETENTION } = this.config;
    return BACKUP_RETENTION === undefined ? null : new Date(Date.parse(time) + BACKUP_RETENTION * 1_000).toISOString();
  }
}

async function now(on: Queryable): Promise<string> {
  return (await on.query<{ now: string }>(clock))[0]!.now;
}

function marksOf(tables: DeadRowsReport): Record<string, string> {
  return mapValues(Object.fromEntries(Object.entries(tables).filter(([, { outcome }]) => outcome === 'rewritten')), ({ mark }) => mark);
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
