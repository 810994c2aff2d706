/**
 * SQL of some at a time of many rows, for a statement that deletes them. They are found once, and by their place again: where Postgres has no statistics of what
 * was just written it takes those that fit for few, and would look for each of them in all that were found, which is the product of both.
 * Of a table in partitions, rows at the same places of others go too, if they fit. One that is being changed meanwhile may stay: ask again.
 * @param fits SQL of a condition; it need not be one that an index knows, but for the first look @param limit SQL of a number
 */
export function someRows(table: string, fits: string, limit: string): string {
  return `ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${fits} LIMIT ${limit})) AND (${fits}) IS TRUE`;
}
