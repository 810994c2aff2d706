import { profiles } from '#libs/contracts';
import { invalidProfile } from './check-patch.js';
import type { UserRecord } from './user-record.js';

const { namePartCharacters } = profiles.profileLimits;

interface NameParts {
  firstName: string | null;
  lastName: string | null;
}

/**
 * Some clients know a user's whole name, others its parts. A whole name given to a user without parts, or whose parts
 * only followed from the whole name they had, is split at its last space; parts that somebody gave are left alone.
 * @throws Failure `invalid-profile` where a part becomes longer than those who give parts may make it
 */
export function followName(user: UserRecord, patch: profiles.ProfilePatch): profiles.ProfilePatch {
  const { displayName } = patch;
  if (displayName === undefined || displayName === user.displayName || patch.firstName !== undefined || patch.lastName !== undefined) return patch;
  const derived = splitName(user.displayName);
  const hasOwnParts = (user.firstName ?? derived.firstName) !== derived.firstName || (user.lastName ?? derived.lastName) !== derived.lastName;
  if (hasOwnParts) return patch;
  const parts = splitName(displayName);
  if ([parts.firstName, parts.lastName].some((part) => part !== null && part.length > namePartCharacters)) {
    throw invalidProfile([{ path: 'displayName', message: `must not have more than ${namePartCharacters} characters before or after its last space, where the first name ends and the last name begins` }]);
  }
  return { ...patch, ...parts };
}

/** `Mary Ann Smith` → `Mary Ann`, `Smith`; `Cher` → `Cher` alone. */
function splitName(name: string | null): NameParts {
  const whole = name?.trim() ?? '';
  const space = whole.lastIndexOf(' ');
  const [first, last] = space < 0 ? [whole, ''] : [whole.slice(0, space).trim(), whole.slice(space + 1)];
  return { firstName: first === '' ? null : first, lastName: last === '' ? null : last };
}
