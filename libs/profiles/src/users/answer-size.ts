import type { profiles } from '#libs/contracts';
import { jsonBytes } from '../database/storable.js';

/** Half of what a message may hold. */
const mostBytes = 4 * 1024 * 1024;

/** @returns how many of the users, from the first on, fit in one answer; at least one */
export function howManyFit(users: readonly profiles.Profile[]): number {
  let bytes = 0;
  const tooMany = users.findIndex((user) => (bytes += jsonBytes(user)) > mostBytes);
  return tooMany < 0 ? users.length : Math.max(tooMany, 1);
}
