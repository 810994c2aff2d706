import type { profiles } from '#libs/contracts';
import type { UserRecord } from './user-record.js';

interface NameParts {
  firstName: string | null;
  lastName: string | null;
}

/**
 * Some clients know a user's whole name, others its parts. A whole name given to a user without parts, or whose parts
 * only followed from the whole name they had, is split at its last space; parts that somebody gave are left alone.
 */
export function followName(user: UserRecord, patch: profiles.ProfilePatch): profiles.ProfilePatch {
  const { displayName } = patch;
  if (displayName === undefined || displayName === user.displayName || patch.firstName !== undefined || patch.lastName !== undefined) return patch;
  const derived = splitName(user.displayName);
  const hasOwnParts = (user.firstName ?? derived.firstName) !== derived.firstName || (user.lastName ?? derived.lastName) !== derived.lastName;
  return hasOwnParts ? patch : { ...patch, ...splitName(displayName) };
}

/** `Mary Ann Smith` → `Mary Ann`, `Smith`; `Cher` → `Cher` alone. */
function splitName(name: string | null): NameParts {
  const whole = name?.trim() ?? '';
  const space = whole.lastIndexOf(' ');
  const [first, last] = space < 0 ? [whole, ''] : [whole.slice(0, space).trim(), whole.slice(space + 1)];
  return { firstName: first === '' ? null : first, lastName: last === '' ? null : last };
}
