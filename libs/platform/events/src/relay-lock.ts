import type { PoolClient, QueryConfig, QueryResult } from 'pg';
import type { Database, Queryable, Statement } from '#libs/platform/database';

/** Any number that is ours, other than the migrations'. Advisory locks are per database. */
const relayLock = 7_245_002;

const statementTimeoutMs = 20_000;
/** Postgres ends a session that says nothing for so long: the lock of a process whose host vanished is free by then. */
const silenceMs = 15_000;
const beatMs = 4_000;

/**
 * The lock that makes a process the one that relays a database's outbox, and the connection that holds it. All the relay
 * asks the database goes through it: when it is cut, the lock is gone and so is the relay's voice.
 */
export class RelayLock implements Queryable {
  private broken = false;
  private usedAt = 0;

  private constructor(
    private readonly client: PoolClient,
    private readonly onLost: () => void,
  ) {
    client.on('error', this.lost);
    client.on('end', this.lost);
  }

  /** @returns nothing when another process has it */
  static async take(database: Database, onLost: () => void): Promise<RelayLock | undefined> {
    const lock = new RelayLock(await database.connect(), onLost);
    try {
      const [row] = await lock.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [relayLock]);
      if (row?.taken === true) {
        // What the relay notes it can find out again: a server that crashes may forget the last of it, and no commit has to wait for the disk behind it.
        await lock.query(`SELECT set_config('idle_session_timeout', $1, false), set_config('synchronous_commit', 'off', false)`, [String(silenceMs)]);
        return lock;
      }
      lock.release();
      return undefined;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  get isLost(): boolean {
    return this.broken;
  }

  async query<Row>(statement: Statement | string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return (await this.run(statement, parameters)).rows as Row[];
  }

  async execute(statement: Statement | string, parameters: readonly unknown[] = []): Promise<number> {
    return (await this.run(statement, parameters)).rowCount ?? 0;
  }

  /** Says to Postgres that somebody still holds it. @throws when that can't be said */
  async beat(): Promise<void> {
    if (performance.now() - this.usedAt > beatMs) await this.query('SELECT 1');
  }

  /** Gives the lock up. */
  async unlock(): Promise<void> {
    await this.query('RESET synchronous_commit').catch(() => undefined);
    await this.query(`SELECT pg_advisory_unlock($1), set_config('idle_session_timeout', '0', false)`, [relayLock]).catch(() => undefined);
    this.release();
  }

  private release(): void {
    this.client.off('end', this.lost);
    this.client.release(this.broken); // a broken one is closed, and Postgres drops its lock
    this.client.off('error', this.lost);
  }

  private readonly lost = (): void => {
    this.broken = true;
    this.onLost();
  };

  private async run(statement: Statement | string, parameters: readonly unknown[]): Promise<QueryResult> {
    const named = typeof statement === 'string' ? { text: statement } : statement;
    // Without a time limit of its own a host that vanished would hold the relay until TCP gives up.
    const query: QueryConfig & { query_timeout: number } = { ...named, values: [...parameters], query_timeout: statementTimeoutMs };
    this.usedAt = performance.now();
    try {
      return await this.client.query(query);
    } catch (error) {
      this.broken = true;
      throw error;
    }
  }
}
