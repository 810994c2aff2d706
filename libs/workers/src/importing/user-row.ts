import { z } from 'zod';
import { dateText, emailOrNone, givenJson, scalar, uidText, type profiles } from '#libs/contracts';
import type { LoadedUser } from './import-row.js';

const textUpTo = (length: number) => z.string({ error: 'must be a string' }).max(length, `must not be longer than ${length} characters`).nullish();
const value = z.union([scalar, z.null()], { error: 'must be a string, a number (whole ones below 2^53, larger ones as a string), a boolean or null' });

/** A user as a file has them. Absent: unchanged; `null`: removed. */
export const userRow = z.strictObject({
  id: uidText,
  email: emailOrNone.nullish(),
  phone: textUpTo(64),
  name: textUpTo(512),
  first_name: textUpTo(256),
  last_name: textUpTo(256),
  notes: textUpTo(16_384),
  city: textUpTo(256),
  country: textUpTo(256),
  region: textUpTo(256),
  timezone: textUpTo(64),
  created_at: dateText.nullish(),
  is_account: z.boolean({ error: 'must be true or false' }).optional(),
  lists: z.array(z.string({ error: 'must be the id of a list' }).max(256, 'is not a list of this project'), { error: 'must be an array of list ids' }).max(100, 'must not name more than 100 lists').optional(),
  attributes: z.record(z.string(), value, { error: 'must be an object' }).optional(),
  preferences: z.record(z.string(), givenJson, { error: 'must be an object' }).optional(),
});
type UserRow = z.output<typeof userRow>;

/** @param newUserId of the user, if they are new */
export function toLoadedUser(row: UserRow, newUserId: string): LoadedUser {
  const { id, name, first_name: firstName, last_name: lastName, created_at: createdAt, is_account: isAccount, email, phone, notes, city, country, region, timezone, lists, attributes, preferences } = row;
  const patch: profiles.ProfilePatch = { displayName: name, firstName, lastName, email, phone, notes, city, country, region, timezone, createdAt, isAccount, lists, attributes, preferences };
  return { newUserId, externalId: id, patch };
}

/** The names of a row's fields, by those of a profile. */
export const userFieldNames: Readonly<Record<string, string>> = { externalId: 'id', newUserId: 'id', displayName: 'name', firstName: 'first_name', lastName: 'last_name', createdAt: 'created_at', isAccount: 'is_account' };
