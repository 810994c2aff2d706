import { z } from 'zod';
import { emailOrNone, identity, membership, profiles, storableText, type Scalar } from '#libs/contracts';
import { platformErrors, type FailureDetail } from '#libs/platform/errors';
import { fewKeys } from '../../http/few-keys.js';
import type { UserObject } from './user.wire.js';

const textUpTo = (length: number) => z.string({ error: 'must be a string' }).max(length, `must not be longer than ${length} characters`).nullish();

/** What a caller may write of a user. `null`: none; the empty email is none too. */
const writable = {
  firstName: textUpTo(256),
  lastName: textUpTo(256),
  username: identity.userName.nullish(),
  email: emailOrNone.nullish(),
  mobilePhone: textUpTo(64),
  roles: z.array(storableText.max(256)).max(membership.mostRolesOfUser, `must not name more than ${membership.mostRolesOfUser} roles`).nullish(),
  notes: textUpTo(16_384),
  attributes: fewKeys(profiles.scalarBagPatch).nullish(),
};

export const registerBody = z.strictObject({
  ...writable,
  password: z.string({ error: 'must be a string' }).max(1_024, 'must not be longer than 1024 characters').nullish().describe('Without one the user can’t log in until they are given one'),
  isActive: z.boolean({ error: 'must be true or false' }).nullish(),
});

/** Partial: what is absent stays. What GET answered is taken back; what can’t be changed must then be as it is. */
export const updateBody = z.strictObject({
  ...writable,
  isActive: z.boolean({ error: 'must be true or false' }).optional(),
  id: z.unknown().optional(),
  createdAt: z.unknown().optional(),
  createdBy: z.unknown().optional(),
  modifiedAt: z.unknown().optional(),
  modifiedBy: z.unknown().optional(),
});
export type UserUpdate = z.output<typeof updateBody>;

const readOnly = ['id', 'createdAt', 'createdBy', 'modifiedAt', 'modifiedBy'] as const;

/** @throws Failure `invalid-request` that names every read-only field with another value than it has */
export function refuseReadOnly(body: UserUpdate, present: UserObject): void {
  const details = readOnly.flatMap((field): FailureDetail[] => (body[field] === undefined || body[field] === present[field] ? [] : [{ path: field, message: 'can’t be changed: send it as it is, or not at all' }]));
  if (details.length === 0) return;
  throw platformErrors.failure('invalid-request', `${details[0]!.path}: ${details[0]!.message}.`, { details });
}

/** The part of a user that profiles own. */
export function toProfilePatch(body: Partial<Record<'firstName' | 'lastName' | 'email' | 'mobilePhone' | 'notes', string | null>> & { attributes?: Record<string, Scalar | null> | null }): profiles.ProfilePatch {
  const { firstName, lastName, email, mobilePhone, notes, attributes } = body;
  return { firstName, lastName, email: email === '' ? null : email, phone: mobilePhone, notes, ...(attributes ? { attributes } : {}) };
}
