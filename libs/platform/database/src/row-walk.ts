import type { Queryable } from './database.js';
import type { Statement } from './statement.js';

/** Rows of a table about one thing, in an order in which they can be walked any number of times. */
export interface RowWalk {
  readonly kind: string;
  /**
   * `$1`, `$2`: what the rows are about. `$3`: the key of the row before as a JSON array, null at first. `$4`: how many at the
   * most. Rows have a column `key`, a JSON array by which they are ordered; the others are what they hold.
   */
  readonly statement: Statement;
}

export interface WalkedRow {
  kind: string;
  data: Record<string, unknown>;
}

const rowsAtOnce = 500;
/** Of a page as JSON; well below what a message may hold, whatever the largest row is. */
const mostBytes = 1024 * 1024;

/**
 * A page of several walks, one after the other.
 * @param after where the page before ended
 * @returns the page, and where it ended; null: that was all
 */
export async function walkRows(on: Queryable, walks: readonly RowWalk[], about: readonly [unknown, unknown], after: string | null): Promise<{ records: WalkedRow[]; next: string | null }> {
  const [place, begin] = after === null ? [0, null] : (JSON.parse(after) as [number, unknown]);
  const records: WalkedRow[] = [];
  let bytes = 0;
  for (let walk = place, key = begin; walk < walks.length; walk += 1, key = null) {
    const { kind, statement } = walks[walk]!;
    const rows = await on.query<Record<string, unknown> & { key: unknown }>(statement, [...about, key === null ? null : JSON.stringify(key), rowsAtOnce]);
    for (const { key: last, ...data } of rows) {
      records.push({ kind, data });
      bytes += Buffer.byteLength(JSON.stringify(data));
      key = last;
      if (bytes > mostBytes) return { records, next: JSON.stringify([walk, key]) };
    }
    if (rows.length === rowsAtOnce) return { records, next: JSON.stringify([walk, key]) };
  }
  return { records, next: null };
}
