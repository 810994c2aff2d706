import type { PoolClient, QueryConfig, QueryResult } from 'pg';
import { advisoryLocks } from './advisory-locks.js';
import type { Database, Queryable } from './database.js';
import type { Statement } from './statement.js';

const statementTimeoutMs = 20_000;
/** Postgres ends a session that says nothing for so long: the lock of a process whose host vanished is free by then. */
const silenceMs = 15_000;
const beatMs = 4_000;

/**
 * A lock that one process has at a time, and the connection that holds it. Who asks the database through it alone has no voice any more
 * when it is cut, and the lock is gone.
 */
export class SessionLock implements Queryable {
  private broken = false;
  private usedAt = 0;

  private constructor(
    private readonly client: PoolClient,
    private readonly key: number,
    private readonly forgetful: boolean,
    private readonly onLost: () => void,
  ) {
    client.on('error', this.lost);
    client.on('end', this.lost);
  }

  /**
   * @param onLost the connection was cut, and somebody else may have it
   * @param forgetful no commit of it waits for the disk: what a server that crashes has forgotten of it is found out again
   * @returns nothing when another process has it
   */
  static async take(database: Database, name: keyof typeof advisoryLocks, { onLost = () => undefined, forgetful = false }: { onLost?: () => void; forgetful?: boolean } = {}): Promise<SessionLock | undefined> {
    const key = advisoryLocks[name];
    const lock = new SessionLock(await database.connect(), key, forgetful, onLost);
    try {
      const [row] = await lock.query<{ taken: boolean }>(`SELECT CASE WHEN pg_try_advisory_lock($1) THEN set_config('idle_session_timeout', $2, false) IS NOT NULL ELSE false END AS taken`, [key, String(silenceMs)]);
      if (row?.taken === true) {
        if (forgetful) await lock.query('SET synchronous_commit = off');
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
    if (this.forgetful) await this.query('RESET synchronous_commit').catch(() => undefined);
    await this.query(`SELECT pg_advisory_unlock($1), set_config('idle_session_timeout', '0', false)`, [this.key]).catch(() => undefined);
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
    // Without a time limit of its own a host that vanished would hold whoever has the lock until TCP gives up.
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
