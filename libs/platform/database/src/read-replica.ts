import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { Logger } from '#libs/platform/logging';
import type { Database } from './database.js';
import { SharedAsk } from './shared-ask.js';
import { sql, type Statement } from './statement.js';

/** Of the server itself, whatever the database: which cluster it is, and up to where its log is safe on the disk, or replayed. */
const system = sql('replica.system', 'SELECT system_identifier::text AS system FROM pg_control_system()');
const written = sql('replica.written', `SELECT (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::text AS position`);
const replayed = sql('replica.replayed', `SELECT (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() END - '0/0'::pg_lsn)::text AS position`);

/** How long a list waits for a replica to catch up. */
const mostBehindMs = 250;
const askAgainAfterMs = 5;
/** What says nothing for so long is away. */
const answerWithinMs = 500;
/** Between two looks at a replica that could not be read. */
const lookAgainAfterMs = 1_000;

/** `stranger`: it is not in recovery, or of another cluster, and may be ahead in numbers and have nothing of what was written here. */
type Trouble = 'away' | 'behind' | 'stranger';

/**
 * A streaming replica of the service's own Postgres. It is read only where it has all that was committed when the question came: up to where the
 * log was written says the one, up to where it is replayed the other. So an answer of the replica is one that the service's database could have given.
 */
export class ReadReplica {
  private readonly writtenUpTo: SharedAsk<bigint | null>;
  private readonly replayedUpTo: SharedAsk<bigint | null>;
  /** Undefined before it was looked at; null while it can be read. */
  private trouble: Trouble | null | undefined;
  private lookedAt = -Infinity;
  private opening: Promise<void> | undefined;

  /** @param database the replica of `primary`, not opened yet */
  constructor(
    private readonly primary: Database,
    readonly database: Database,
    private readonly logger: Logger,
  ) {
    this.writtenUpTo = new SharedAsk(() => position(primary, written));
    this.replayedUpTo = new SharedAsk(() => position(database, replayed, answerWithinMs));
  }

  /**
   * Whether it has everything that was committed before the call, which may take it a moment. Never waits for one that could not be read the last time.
   * @throws Failure `service-unavailable` when the primary is out of reach
   */
  async hasCaughtUp(): Promise<boolean> {
    if (this.trouble === null) return this.catchesUp(await this.writtenUpTo.get());
    if (performance.now() - this.lookedAt > lookAgainAfterMs) {
      this.lookedAt = performance.now();
      void this.look();
    }
    return false;
  }

  /** Something that it was asked after `hasCaughtUp` failed. */
  failed(): void {
    this.isIn('away');
  }

  private async look(): Promise<void> {
    try {
      if (!(await this.isOpen())) return void this.isIn('away');
      const [[ours], its] = await Promise.all([this.primary.query<{ system: string }>(system), inTime(this.database.query<{ system: string }>(system, [], answerWithinMs))]);
      if (its === undefined) return void this.isIn('away');
      if (its[0]!.system !== ours!.system) return void this.isIn('stranger');
      if (!(await this.catchesUp(await this.writtenUpTo.get()))) return;
      this.trouble = null;
      this.logger.info({ database: this.primary.service }, 'lists are read from the replica');
    } catch (error) {
      // Of the primary, which those who ask it hear of.
      this.logger.debug({ database: this.primary.service, err: error }, 'the replica could not be looked at');
    } finally {
      this.lookedAt = performance.now();
    }
  }

  /** @param wanted up to where it has to be */
  private async catchesUp(wanted: bigint | null): Promise<boolean> {
    const until = performance.now() + mostBehindMs;
    for (;;) {
      const has = await inTime(this.replayedUpTo.get());
      if (has === undefined) return this.isIn('away');
      if (has === null || wanted === null) return this.isIn('stranger');
      if (has >= wanted) return true;
      if (performance.now() > until) return this.isIn('behind');
      await delay(askAgainAfterMs, undefined, { ref: false });
    }
  }

  /** Opens it in the background, for as long as that takes. */
  private async isOpen(): Promise<boolean> {
    this.opening ??= this.database.open(openOnly).catch((error: unknown) => {
      this.opening = undefined;
      this.logger.error({ database: this.primary.service, reason: (error as Error).message }, 'the replica can not be opened');
    });
    await inTime(this.opening);
    return this.database.isOpen;
  }

  private isIn(trouble: Trouble): false {
    if (this.trouble !== trouble) this.logger.warn({ database: this.primary.service, replica: trouble }, 'lists are not read from the replica');
    this.trouble = trouble;
    this.lookedAt = performance.now();
    return false;
  }
}

/** What it answers; undefined where it does not, or says that it can't. */
async function inTime<T>(asked: Promise<T>): Promise<T | undefined> {
  const answered = new AbortController();
  try {
    return await Promise.race([asked, delay(answerWithinMs, undefined, { ref: false, signal: answered.signal })]);
  } catch {
    return undefined;
  } finally {
    answered.abort();
  }
}

/** Bytes of log since the cluster was made; null of a server that is in no recovery and is asked what it has replayed. */
async function position(of: Database, statement: Statement, withinMs?: number): Promise<bigint | null> {
  const [row] = await of.query<{ position: string | null }>(statement, [], withinMs);
  return row?.position == null ? null : BigInt(row.position);
}

/** A replica gets its schema with its rows. */
async function openOnly(dataSource: DataSource): Promise<void> {
  if (!dataSource.isInitialized) await dataSource.initialize();
}
