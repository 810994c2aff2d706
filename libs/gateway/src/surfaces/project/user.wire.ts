import { z } from 'zod';
import { scalar, type profiles } from '#libs/contracts';

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
