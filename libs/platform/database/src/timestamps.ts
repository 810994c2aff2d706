/**
 * Postgres' text of a `timestamptz` in a session whose zone is UTC (`2026-01-12 05:24:39.06+00`) as ISO 8601 with
 * milliseconds. By string, because a detour over `Date` costs more than the rest of reading a row.
 */
export function parseTimestamp(text: string): string {
  if (text.length < 22 || text.length > 29 || !text.endsWith('+00') || text[4] !== '-') return new Date(text).toISOString();
  const fraction = text.slice(20, -3);
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
}
