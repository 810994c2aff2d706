import pg from 'pg';
import { RowShape, type Column } from './row-shape.js';
import type { Statement } from './statement.js';

/** A statement with its parameters. */
export interface Call {
  readonly statement: Statement | string;
  readonly parameters: readonly unknown[];
  /** Its rows are read, though it is not the last. */
  readonly read?: true;
}

/** The rows of the last statement, and how many it touched. */
export interface Answer {
  readonly rows: unknown[];
  /** Null of what touches none, such as `BEGIN`. */
  readonly rowCount: number | null;
  /** The rows of each statement that is read, the last one's too. Not of one that went by itself as the driver sends it. */
  readonly read?: readonly unknown[][];
}

type Callback = (error: Error | null, answer?: Answer) => void;

/** The driver's connection: it writes messages of the protocol, and knows which statements are prepared. */
interface Connection extends Pick<pg.Connection, 'stream' | 'sync' | 'on' | 'off'> {
  readonly parsedStatements: Record<string, string | undefined>;
  parse(part: { name: string; text: string }): void;
  bind(part: { statement: string; values: readonly unknown[]; valueMapper: (value: unknown) => unknown }): void;
  describe(part: { type: 'P'; name: string }): void;
  execute(part: { portal: string }): void;
}

const { prepareValue } = (pg as unknown as { utils: { prepareValue: (value: unknown) => unknown } }).utils;

/** What prepared statements of a connection answer with: known once one was run, and then Postgres is not asked to describe it again. */
const shapes = new WeakMap<Connection, Map<string, RowShape>>();
const noRows = new RowShape([]);

/**
 * Several statements in one message to Postgres, or one, and one answer: that of the last, and of those before it that are read. Where one fails, Postgres skips those after it. To be given
 * to a client's `query`, in place of the driver's own, which sends each statement for itself, waits for its answer, and has it described each time.
 */
export class StatementBatch implements pg.Submittable {
  private rows: unknown[] = [];
  private rowCount = 0;
  /** Of the statement that is being answered. */
  private shape = noRows;
  private readonly read: unknown[][] = [];
  /** Why a value of the answer could not be read. */
  private unreadable: Error | undefined;
  /** Those that Postgres is asked to prepare, and has not yet said that it has. */
  private toPrepare: Statement[] | undefined;
  private connection: Connection | undefined;
  private completed = 0;

  /**
   * @param calls one or more
   * @param query_timeout as of the driver's queries, in milliseconds
   */
  constructor(
    readonly calls: readonly Call[],
    readonly query_timeout: number,
    public callback: Callback,
  ) {}

  readonly submit = (of: pg.Connection): void => {
    const connection = of as unknown as Connection;
    this.connection = connection;
    connection.stream.cork();
    try {
      this.calls.forEach((call, place) => this.write(call, connection, this.isRead(place)));
      this.begin(0);
      connection.sync();
    } catch (error) {
      // A value that can't be sent: half a message is no message.
      connection.stream.destroy(error as Error);
    } finally {
      connection.stream.uncork();
    }
    if (this.toPrepare !== undefined) connection.on('parseComplete', this.prepared);
  };

  handleRowDescription({ fields }: { fields: readonly Column[] }): void {
    this.shape = new RowShape(fields);
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    if (!this.isRead(this.completed) || this.unreadable !== undefined) return;
    try {
      this.rows.push(this.shape.read(fields));
    } catch (error) {
      this.unreadable = error as Error;
    }
  }

  /** @param message `SELECT 5`, `INSERT 0 5`, `BEGIN` */
  handleCommandComplete({ text }: { text: string }): void {
    if (this.isRead(this.completed)) {
      this.rowCount = Number(text.slice(text.lastIndexOf(' ') + 1)) || 0;
      this.read.push(this.rows);
      const { statement } = this.calls[this.completed]!;
      if (typeof statement !== 'string') this.shapesHere()?.set(statement.name, this.shape);
    }
    this.completed += 1;
    if (this.completed < this.calls.length) this.begin(this.completed);
  }

  handleError(error: Error): void {
    this.listenNoMore();
    this.callback(error);
  }

  handleReadyForQuery(): void {
    this.listenNoMore();
    if (this.unreadable !== undefined) return this.callback(this.unreadable);
    this.callback(null, { rows: this.rows, rowCount: this.rowCount, read: this.read });
  }

  private isRead(place: number): boolean {
    return place === this.calls.length - 1 || this.calls[place]!.read === true;
  }

  /** What comes from now on answers this one. */
  private begin(place: number): void {
    this.rows = [];
    this.shape = (this.isRead(place) && this.knownShape(this.calls[place]!.statement)) || noRows;
  }

  private knownShape(statement: Statement | string): RowShape | undefined {
    return typeof statement === 'string' || statement.name === '' ? undefined : this.shapesHere()?.get(statement.name);
  }

  private write({ statement, parameters }: Call, connection: Connection, isRead: boolean): void {
    const { name, text } = typeof statement === 'string' ? { name: '', text: statement } : statement;
    if (name === '' || (connection.parsedStatements[name] === undefined && this.toPrepare?.some((other) => other.name === name) !== true)) {
      connection.parse({ name, text });
      (this.toPrepare ??= []).push({ name, text });
    }
    connection.bind({ statement: name, values: parameters, valueMapper: prepareValue });
    // What nobody reads needs no description, and what is known none again.
    if (isRead && this.knownShape(statement) === undefined) connection.describe({ type: 'P', name: '' });
    connection.execute({ portal: '' });
  }

  private shapesHere(): Map<string, RowShape> | undefined {
    if (this.connection === undefined) return undefined;
    const known = shapes.get(this.connection) ?? new Map<string, RowShape>();
    shapes.set(this.connection, known);
    return known;
  }

  private listenNoMore(): void {
    if (this.toPrepare !== undefined) this.connection?.off('parseComplete', this.prepared);
  }

  private readonly prepared = (): void => {
    const statement = this.toPrepare?.shift();
    if (statement !== undefined && statement.name !== '' && this.connection !== undefined) this.connection.parsedStatements[statement.name] = statement.text;
  };
}
