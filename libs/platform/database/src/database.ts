import type { OnApplicationShutdown } from '@nestjs/common';
import type { Pool, PoolClient, QueryConfig } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { isFailure, platformErrors, StartupError } from '#libs/platform/errors';
import type { Logger } from '#libs/platform/logging';
import { traced, type SpanKind, type SpanStart } from '#libs/platform/tracing';
import { Gate } from './gate.js';
import { asFailure, isRetryable, isUnreachable } from './postgres-errors.js';
import { StatementBatch, type Answer, type Call } from './statement-batch.js';
import type { Statement } from './statement.js';

/** What runs SQL: the pool, or a transaction. Repositories take one, so that the same SQL serves in both. */
export interface Queryable {
  /** @returns the rows. `timestamptz` columns arrive as ISO 8601 strings with milliseconds, `bigint` as numbers. */
  query<Row>(statement: Statement | string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** For statements whose effect is counted: the number of rows touched. */
  execute(statement: Statement | string, parameters?: readonly unknown[]): Promise<number>;
}

/** The handle of an open transaction: handed on explicitly, never stored. */
export interface Transaction extends Queryable {
  /**
   * For a statement of which nobody has to know what it did: it goes along with the next one, or with the commit, and costs no round trip of its own. What is
   * wrong with it fails that one, and so the transaction.
   */
  send(statement: Statement | string, parameters?: readonly unknown[]): void;
  /** Several statements in one round trip, each of which sees what those before it did. @returns the rows of each */
  queryTogether<Rows extends readonly unknown[][]>(...calls: { [Place in keyof Rows]: readonly [Statement, readonly unknown[]] }): Promise<Rows>;
  /** Runs when nothing is left to do but to commit. More than once where the transaction runs again. */
  atCommit(hook: () => void): void;
  /** Runs after the commit; not at all after a rollback. For nudges that a crash may lose, never for effects. */
  afterCommit(hook: () => void): void;
}

const transactionAttempts = 3;
/** Postgres itself ends a statement before (`statement_timeout`): what takes longer is a connection that leads nowhere. */
const answerWithinMs = 17_000;

// A round trip costs as much as a short statement: so it begins with its first statement, and commits with what is left to be sent.
const begin: Statement = { name: 'BEGIN', text: 'BEGIN' };
const beginSnapshot: Statement = { name: 'BEGIN snapshot', text: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY' };
const commit: Statement = { name: 'COMMIT', text: 'COMMIT' };

/** Asked more often than a connection may take to say nothing. */
const probe: QueryConfig & { query_timeout: number } = { text: 'SELECT 1', query_timeout: 2_000 };

/** A service's own database: one pool, plain SQL, explicit transactions. */
export class Database implements Queryable, OnApplicationShutdown {
  private opened = false;
  private closing = false;
  private readonly gate: Gate;

  /** @param atOnce statements and transactions that run at the same time: more only have one another wait for a processor of Postgres, and what each has in its caches is cold when it goes on */
  constructor(
    /** The service it belongs to: `identity`. */
    readonly service: string,
    private readonly dataSource: DataSource,
    private readonly logger: Logger,
    atOnce = Infinity,
  ) {
    this.gate = new Gate(atOnce);
  }

  /** TypeORM's own access, by which specs compare entities with the migrations and take these back. Queries go through `query` and `withTransaction`. */
  get manager(): EntityManager {
    return this.dataSource.manager;
  }

  /**
   * Opens the database, retrying for as long as it is out of reach: no start order is needed. Does not settle when the process stops before.
   * @param prepare creates and migrates what is missing; its `StartupError`s end the attempt for good
   */
  async open(prepare: (dataSource: DataSource) => Promise<void>): Promise<void> {
    for (let attempt = 1; !this.closing; attempt += 1) {
      try {
        await prepare(this.dataSource);
        this.opened = true;
        return;
      } catch (error) {
        if (error instanceof StartupError) throw error;
        if (!isUnreachable(error)) throw error;
        if (attempt === 1 || attempt % 20 === 0) this.logger.warn({ database: this.service, attempt, reason: (error as Error).message }, 'database is out of reach, trying again');
        await new Promise((resolve) => setTimeout(resolve, Math.min(250 * attempt, 2_000)));
      }
    }
    await new Promise<never>(() => undefined); // stopped before it could be used: whoever waits for it is not to go on
  }

  /** @param withinMs the answer has to be there: less, where a server that says nothing is not waited for */
  async query<Row>(statement: Statement | string, parameters: readonly unknown[] = [], withinMs = answerWithinMs): Promise<Row[]> {
    return (await this.inTurn(() => this.run(this.pool(), statement, parameters, [], withinMs))).rows as Row[];
  }

  async execute(statement: Statement | string, parameters: readonly unknown[] = []): Promise<number> {
    return (await this.inTurn(() => this.run(this.pool(), statement, parameters))).rowCount ?? 0;
  }

  /**
   * Runs `work` in one transaction and commits it. A serialization failure or deadlock runs it again, so `work` must
   * have no effect outside the database. No network call belongs in it.
   */
  async withTransaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(work);
      } catch (error) {
        if (!isRetryable(error) || attempt === transactionAttempts) throw error;
      }
    }
  }

  /**
   * Runs `work`, which only reads, in one transaction: all its statements see the same moment.
   * @param mostMs how long its first statement may take
   */
  async withSnapshot<T>(work: (on: Queryable) => Promise<T>, mostMs: number): Promise<T> {
    return this.attempt(work, [
      { statement: beginSnapshot, parameters: [] },
      { statement: `SET LOCAL statement_timeout = ${Math.ceil(mostMs)}`, parameters: [] },
    ]);
  }

  /** Runs `work` in a transaction that is rolled back: to learn whether it would be refused. Its `afterCommit` hooks don't run. */
  async tryOut<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const done: { result?: T } = {};
    const enough = platformErrors.failure('internal-error', 'This was tried out only.');
    await this.withTransaction(async (tx) => {
      done.result = await work(tx);
      throw enough;
    }).catch((error: unknown) => {
      if (error !== enough) throw error;
    });
    return done.result as T;
  }

  /** A connection of one's own, for session-level locks. The caller releases it, with `true` to throw it away. */
  async connect(): Promise<PoolClient> {
    try {
      return await this.pool().connect();
    } catch (error) {
      throw asFailure(error, this.service);
    }
  }

  async check(): Promise<void> {
    if (!this.opened) throw new Error('not connected yet');
    try {
      await this.pool().query(probe);
    } catch (error) {
      throw new Error('out of reach', { cause: error });
    }
  }

  /** Whether it was reached since the start; its connections come back by themselves from then on. */
  get isOpen(): boolean {
    return this.opened;
  }

  /** How its connections are doing, and how many wait for their turn; all 0 while it is not open. */
  figures(): { idle: number; busy: number; waiting: number; queued: number } {
    if (!this.opened) return { idle: 0, busy: 0, waiting: 0, queued: 0 };
    const { totalCount, idleCount, waitingCount } = this.pool();
    // Whoever asks is among those who wait until the next turn of the event loop, though a connection is free: readiness is asked at the same time as this.
    return { idle: idleCount, busy: totalCount - idleCount, waiting: Math.max(0, waitingCount - idleCount), queued: this.gate.waiting };
  }

  async onApplicationShutdown(): Promise<void> {
    this.closing = true;
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }

  private attempt<T>(work: (tx: Transaction) => Promise<T>, opening: readonly Call[] = [{ statement: begin, parameters: [] }]): Promise<T> {
    return this.inTurn(() => traced(() => this.spanOf('transaction', 'internal'), () => this.attemptTraced(work, opening)));
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const entered = this.gate.enter();
    const pass = 'since' in entered ? entered : await entered;
    try {
      return await work();
    } finally {
      this.gate.leave(pass);
    }
  }

  private async attemptTraced<T>(work: (tx: Transaction) => Promise<T>, opening: readonly Call[]): Promise<T> {
    const client = await this.connect();
    const [atCommit, hooks]: [(() => void)[], (() => void)[]] = [[], []];
    let toSend = [...opening];
    let broken = false;
    const hasBegun = () => toSend[0] !== opening[0];
    const run = (statement: Statement | string, parameters: readonly unknown[], name?: string) => {
      const before = toSend;
      toSend = [];
      return this.run(client, statement, parameters, before, answerWithinMs, name);
    };
    try {
      const result = await work({
        query: async <Row>(statement: Statement | string, parameters: readonly unknown[] = []) => (await run(statement, parameters)).rows as Row[],
        execute: async (statement, parameters = []) => (await run(statement, parameters)).rowCount ?? 0,
        queryTogether: async <Rows extends readonly unknown[][]>(...given: { [Place in keyof Rows]: readonly [Statement, readonly unknown[]] }) => {
          const calls = given.map(([statement, parameters]) => ({ statement, parameters, read: true as const }));
          const last = calls.pop()!;
          toSend.push(...calls);
          return (await run(last.statement, last.parameters, given.map(([{ name }]) => name).join(', '))).read as unknown as Rows;
        },
        send: (statement, parameters = []) => void toSend.push({ statement, parameters }),
        atCommit: (hook) => atCommit.push(hook),
        afterCommit: (hook) => hooks.push(hook),
      });
      for (const hook of atCommit) hook();
      if (hasBegun() || toSend.length > opening.length) await run(commit, []);
      for (const hook of hooks) hook();
      return result;
    } catch (error) {
      // A connection that leads nowhere would not answer that either.
      broken = isFailure(error, 'service-unavailable');
      if (!broken && hasBegun()) {
        await this.run(client, 'ROLLBACK', []).catch(() => {
          broken = true;
        });
      }
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** @param before what is sent along, and done first @param name of the span: that of the statement, where nobody gives another */
  private async run(on: Pool | PoolClient, statement: Statement | string, parameters: readonly unknown[], before: readonly Call[] = [], withinMs = answerWithinMs, name = typeof statement === 'string' ? undefined : statement.name): Promise<Answer> {
    try {
      return await traced(() => this.spanOf(name ?? verbOf(statement as string)), () => {
        if (before.length > 0 || typeof statement !== 'string') return runTogether(on, [...before, { statement, parameters }], withinMs);
        const query: QueryConfig & { query_timeout: number } = { text: statement, values: parameters as unknown[], query_timeout: withinMs };
        return on.query(query);
      });
    } catch (error) {
      throw asFailure(error, this.service);
    }
  }

  /** Names of statements, never their text or parameters. */
  private spanOf(name: string, kind: SpanKind = 'client'): SpanStart {
    return { name, kind, attributes: { 'db.system.name': 'postgresql', 'db.namespace': this.service, 'db.query.summary': name } };
  }

  private pool(): Pool {
    if (!this.opened) throw platformErrors.failure('service-unavailable', `The ${this.service} database is not connected yet.`, { retryAfter: 1 });
    return (this.dataSource.driver as unknown as { master: Pool }).master;
  }
}

/** @returns the answer to the last */
async function runTogether(on: Pool | PoolClient, calls: readonly Call[], withinMs: number): Promise<Answer> {
  const client = 'release' in on ? on : await on.connect();
  let failed = true;
  try {
    const answer = await new Promise<Answer>((resolve, reject) => {
      client.query(new StatementBatch(calls, withinMs, (error, given) => (error === null ? resolve(given!) : reject(error))));
    });
    failed = false;
    return answer;
  } catch (error) {
    // It was made where the answer was read: whoever asked should be found in its stack.
    Error.captureStackTrace(error as Error);
    throw error;
  } finally {
    // As the pool itself does: what went wrong may be the connection's.
    if (client !== on) client.release(failed);
  }
}

/** Of a statement without a name: `BEGIN`, `SELECT`. */
function verbOf(text: string): string {
  return /^\s*([A-Za-z]{1,16})/.exec(text)?.[1]?.toUpperCase() ?? 'SQL';
}
