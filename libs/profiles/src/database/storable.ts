import { isStorable, mustBeStorable } from '#libs/contracts';
import type { FailureDetail } from '#libs/platform/errors';

/** The same of every key and text in a JSON value. */
export function isStorableJson(value: unknown): boolean {
  if (typeof value === 'string') return isStorable(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, child]) => isStorable(key) && isStorableJson(child));
}

/** A complaint about a text that could not be kept exactly as it was given. */
export function unstorableDetail(path: string): FailureDetail {
  return { path, message: mustBeStorable };
}

/**
 * An ISO 8601 time as our columns keep it: UTC, in milliseconds.
 * @returns undefined for the year 0, which ISO 8601 knows and Postgres does not, and for the year 10000, where a zone may put
 * the end of 9999: `toISOString` writes it as Postgres does not read it
 */
export function storableTime(iso: string): string | undefined {
  const time = new Date(iso);
  const year = time.getUTCFullYear();
  return Number.isNaN(year) || year < 1 || year > 9_999 ? undefined : time.toISOString();
}

/** Bytes of a value's JSON text in UTF-8: the measure of every size limit. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
