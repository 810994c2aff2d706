import type { PageCursors } from './page-cursors.js';

/** Greater than every id: where the first page of a list begins that is sorted by id downwards. */
export const afterAllIds = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

export interface PageRequest {
  limit: number;
  after?: string | undefined;
}

/**
 * Reads a page of a list that is sorted by id downwards: ids are UUIDv7, so that is newest first, and no id ever changes.
 * @param question whatever has to be the same on every page
 * @param read the rows whose id is less, at most `limit` of them
 */
export async function newestFirst<Row>(
  cursors: PageCursors,
  question: unknown,
  { limit, after }: PageRequest,
  read: (before: string, limit: number) => Promise<Row[]>,
  idOf: (row: Row) => string,
): Promise<{ rows: Row[]; nextCursor: string | null }> {
  const before = after === undefined ? afterAllIds : String(cursors.open(after, question)[0]);
  const found = await read(before, limit + 1);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return { rows, nextCursor: found.length > limit && last !== undefined ? cursors.seal([idOf(last)], question) : null };
}
