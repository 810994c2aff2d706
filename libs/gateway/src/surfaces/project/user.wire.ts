import { z } from 'zod';
import { scalar, type profiles } from '#libs/contracts';
import type { References } from '../../upstream/referenced-users.js';

/** The user of surface C. `createdBy` and `modifiedBy` are the id of the user or API client that did it. */
export const userObject = z.object({
  id: z.string(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  username: z.string().nullable(),
  email: z.string().nullable(),
  mobilePhone: z.string().nullable(),
  roles: z.array(z.string()),
  isActive: z.boolean(),
  createdAt: z.string(),
  createdBy: z.string(),
  modifiedAt: z.string(),
  modifiedBy: z.string(),
  notes: z.string().nullable(),
  attributes: z.record(z.string(), scalar),
});
export type UserObject = z.output<typeof userObject>;

/** With the users in place of their ids, where `resolve=references` asks for it. */
export const resolvedUser = userObject.extend({ attributes: z.record(z.string(), z.union([scalar, userObject])) });
export type ResolvedUser = z.output<typeof resolvedUser>;

/** An id that no user of the project has stays what it is. */
export function toResolvedUser(user: UserObject, references: References | undefined): ResolvedUser {
  if (references === undefined) return user;
  const resolve = (name: string, value: ResolvedUser['attributes'][string]) => {
    const named = references.fields.includes(name) ? references.users.get(String(value).toLowerCase()) : undefined;
    return named === undefined ? value : toUserObject(named.user, named.staffRoles);
  };
  return { ...user, attributes: Object.fromEntries(Object.entries(user.attributes).map(([name, value]) => [name, resolve(name, value)])) };
}

/** @param roles in the project, for staff, whose roles their own realm does not tell */
export function toUserObject(user: profiles.Profile, roles = user.roles): UserObject {
  return {
    id: user.userId,
    firstName: user.firstName,
    lastName: user.lastName,
    username: user.userName,
    email: user.email,
    mobilePhone: user.phone,
    roles,
    isActive: user.isActive,
    createdAt: user.createdAt,
    createdBy: user.createdBy,
    modifiedAt: user.modifiedAt,
    modifiedBy: user.modifiedBy,
    notes: user.notes,
    attributes: user.attributes,
  };
}
