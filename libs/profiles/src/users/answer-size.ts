import type { profiles } from '#libs/contracts';
import { jsonBytes } from '../database/storable.js';

/** Half of what a message may hold. */
const mostBytes = 4 * 1024 * 1024;

/** @returns how many of the users, from the first on, fit in one answer; at least one */
export function howManyFit(users: readonly profiles.Profile[]): number {
  if (mostJsonBytes(users) <= mostBytes) return users.length;
  let bytes = 0;
  const tooMany = users.findIndex((user) => (bytes += jsonBytes(user)) > mostBytes);
  return tooMany < 0 ? users.length : Math.max(tooMany, 1);
}

/** No fewer bytes than the value's JSON text has, told by its lengths: writing a page out to measure it takes a tenth of the time of the whole request. */
function mostJsonBytes(value: unknown): number {
  if (typeof value === 'string') return 2 + 6 * value.length;
  if (typeof value !== 'object' || value === null) return 32;
  let bytes = 2;
  if (Array.isArray(value)) for (const item of value) bytes += 1 + mostJsonBytes(item);
  else for (const key in value) bytes += 4 + 6 * key.length + mostJsonBytes((value as Record<string, unknown>)[key]);
  return bytes;
}
