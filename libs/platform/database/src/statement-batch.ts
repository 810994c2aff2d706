import pg from 'pg';
import { columnTypes } from './column-types.js';
import type { Statement } from './statement.js';

/** A statement with its parameters. */
export interface Call {
  readonly statement: Statement | string;
  readonly parameters: readonly unknown[];
}

type Callback = (error: Error | null, result?: pg.QueryResult) => void;

/** What the driver's own query does with the messages that answer it. */
interface Answered {
  callback: Callback;
  handleRowDescription(message: unknown): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: pg.Connection): void;
  handleReadyForQuery(connection: pg.Connection): void;
}

/** The driver's connection: it writes messages of the protocol, and knows which statements are prepared. */
interface Connection extends Pick<pg.Connection, 'stream' | 'sync' | 'on' | 'off'> {
  readonly parsedStatements: Record<string, string | undefined>;
  parse(part: { name: string; text: string }): void;
  bind(part: { statement: string; values: readonly unknown[]; valueMapper: (value: unknown) => unknown }): void;
  describe(part: { type: 'P'; name: string }): void;
  execute(part: { portal: string }): void;
}

const { prepareValue } = (pg as unknown as { utils: { prepareValue: (value: unknown) => unknown } }).utils;

/**
 * Several statements in one message to Postgres, and one answer: that of the last. Where one fails, Postgres skips those after it. To be given
 * to a client's `query`, in place of the driver's own, which sends each statement for itself and waits for its answer.
 */
export class StatementBatch implements pg.Submittable {
  private readonly last: Answered;
  /** Those that Postgres is asked to prepare, and has not yet said that it has. */
  private readonly toPrepare: Statement[] = [];
  private connection: Connection | undefined;
  private completed = 0;

  /**
   * @param calls one or more
   * @param query_timeout as of the driver's queries, in milliseconds
   */
  constructor(
    private readonly calls: readonly Call[],
    readonly query_timeout: number,
    public callback: Callback,
  ) {
    this.last = new pg.Query({ text: '', types: columnTypes }) as unknown as Answered;
    this.last.callback = (error, result) => this.callback(error, result);
  }

  readonly submit = (of: pg.Connection): void => {
    const connection = of as unknown as Connection;
    this.connection = connection;
    connection.stream.cork();
    try {
      this.calls.forEach((call, place) => this.write(call, connection, place === this.calls.length - 1));
      connection.sync();
    } catch (error) {
      // A value that can't be sent: half a message is no message.
      connection.stream.destroy(error as Error);
    } finally {
      connection.stream.uncork();
    }
    if (this.toPrepare.length > 0) connection.on('parseComplete', this.prepared);
  };

  handleRowDescription(message: unknown): void {
    this.last.handleRowDescription(message);
  }

  handleDataRow(message: unknown): void {
    if (this.isAtLast) this.last.handleDataRow(message);
  }

  handleCommandComplete(message: unknown, connection: pg.Connection): void {
    if (this.isAtLast) this.last.handleCommandComplete(message, connection);
    this.completed += 1;
  }

  handleError(error: Error): void {
    this.connection?.off('parseComplete', this.prepared);
    this.callback(error);
  }

  handleReadyForQuery(connection: pg.Connection): void {
    this.connection?.off('parseComplete', this.prepared);
    this.last.handleReadyForQuery(connection);
  }

  private get isAtLast(): boolean {
    return this.completed === this.calls.length - 1;
  }

  private write({ statement, parameters }: Call, connection: Connection, isLast: boolean): void {
    const { name, text } = typeof statement === 'string' ? { name: '', text: statement } : statement;
    if (name === '' || (connection.parsedStatements[name] === undefined && !this.toPrepare.some((other) => other.name === name))) {
      connection.parse({ name, text });
      this.toPrepare.push({ name, text });
    }
    connection.bind({ statement: name, values: parameters, valueMapper: prepareValue });
    // What nobody reads needs no description.
    if (isLast) connection.describe({ type: 'P', name: '' });
    connection.execute({ portal: '' });
  }

  private readonly prepared = (): void => {
    const statement = this.toPrepare.shift();
    if (statement !== undefined && statement.name !== '' && this.connection !== undefined) this.connection.parsedStatements[statement.name] = statement.text;
  };
}
