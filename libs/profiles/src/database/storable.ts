import type { FailureDetail } from '#libs/platform/errors';

/** What Postgres can't keep in a text: U+0000, and half of a surrogate pair, which would come back as U+FFFD. */
const unstorable = /[\0\p{Surrogate}]/u;

export function isStorable(text: string): boolean {
  return !unstorable.test(text);
}

/** The same of every key and text in a JSON value. */
export function isStorableJson(value: unknown): boolean {
  if (typeof value === 'string') return isStorable(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, child]) => isStorable(key) && isStorableJson(child));
}

/** A complaint about a text that could not be kept exactly as it was given. */
export function unstorableDetail(path: string): FailureDetail {
  return { path, message: 'must not contain the character U+0000 or half of a surrogate pair' };
}

/**
 * An ISO 8601 time as our columns keep it: UTC, in milliseconds.
 * @returns undefined for the year 0, which ISO 8601 knows and Postgres does not
 */
export function storableTime(iso: string): string | undefined {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) || time.getUTCFullYear() < 1 ? undefined : time.toISOString();
}

/** Bytes of a value's JSON text in UTF-8: the measure of every size limit. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
