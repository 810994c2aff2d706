import { columnTypes } from './column-types.js';

/** A column of an answer, as Postgres describes it. */
export interface Column {
  readonly name: string;
  readonly dataTypeID: number;
}

/** What the rows of a statement look like. Postgres keeps it for as long as the statement is prepared: it says so rather than to answer otherwise. */
export class RowShape {
  private readonly empty: Readonly<Record<string, unknown>>;
  private readonly parsers: readonly ((text: string) => unknown)[];

  constructor(private readonly columns: readonly Column[]) {
    this.empty = Object.fromEntries(columns.map(({ name }) => [name, null]));
    this.parsers = columns.map(({ dataTypeID }) => columnTypes.getTypeParser(dataTypeID));
  }

  /** @param values as text, in the order of the columns */
  read(values: readonly (string | null)[]): Record<string, unknown> {
    const row: Record<string, unknown> = { ...this.empty };
    for (let place = 0; place < values.length; place += 1) {
      const text = values[place]!;
      row[this.columns[place]!.name] = text === null ? null : this.parsers[place]!(text);
    }
    return row;
  }
}
