import { z } from 'zod';

const isoDate = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/i;
/** `toISOString` writes later years with a sign and two digits more. */
const fourDigits = /^(?!0000)\d{4}-/;

/**
 * A date as ISO 8601 has it, with or without a time, to ISO 8601 in UTC with milliseconds. Without a zone it is UTC: what
 * it means must not hang on where the server stands. Days that don't exist are refused, not moved, and so is what its
 * zone puts into another year than those of four digits: neither messages nor Postgres take it.
 */
export const dateText = z.string({ error: 'must be a date string' }).transform((text, context) => {
  const iso = toIso(text.trim());
  if (iso !== undefined && fourDigits.test(iso)) return iso;
  context.addIssue({ code: 'custom', message: iso === undefined ? 'must be a valid ISO 8601 date, such as 2021-01-12 or 2021-01-12T05:24:39Z' : 'must be a time in the years 1 to 9999' });
  return z.NEVER;
});

function toIso(text: string): string | undefined {
  const [, year, month, day, hour, , , zone] = isoDate.exec(text) ?? [];
  if (year === undefined || Number(year) < 1) return undefined;
  const dayOfMonth = new Date(Date.UTC(2000, Number(month) - 1, 1));
  dayOfMonth.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (dayOfMonth.getUTCMonth() !== Number(month) - 1 || dayOfMonth.getUTCDate() !== Number(day)) return undefined;
  const offset = zone === undefined || hour === undefined ? 'Z' : zone.replace(/^([+-]\d{2}):?(\d{2})?$/, (_, hours: string, minutes: string | undefined) => `${hours}:${minutes ?? '00'}`).toUpperCase();
  const time = hour === undefined ? 'T00:00:00' : text.slice(10).replace(/(Z|[+-]\d{2}(:?\d{2})?)$/i, '').replace(/^ /, 'T').replace(',', '.');
  const milliseconds = Date.parse(`${text.slice(0, 10)}${time}${offset}`);
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString();
}
