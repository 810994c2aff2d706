import { z } from 'zod';

/** Values that several services' messages share. */

/** Ids are UUIDv7, minted at the edge and text in every API. */
export const id = z.uuid();
/** ISO 8601 in UTC with milliseconds. */
export const timestamp = z.iso.datetime();
/** What an attribute or an event property may hold. */
export const scalar = z.union(
  [
    z.string(),
    // JSON has rounded a larger one before anybody could look at it: refused, because it could not be kept as it was sent.
    z.number().refine((value) => !Number.isInteger(value) || Number.isSafeInteger(value), 'is too large to be kept exactly: send it as a string'),
    z.boolean(),
  ],
  { error: 'must be a string, a number (whole ones below 2^53, larger ones as a string) or a boolean' },
);
export type Scalar = z.output<typeof scalar>;

/** Whether Postgres can keep a text as it is: not the character U+0000, and not half of a surrogate pair, which is refused within JSON and comes back as U+FFFD elsewhere. */
export function isStorable(text: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(text);
}
export const mustBeStorable = 'must not contain the character U+0000 or half of a surrogate pair';

/** Whether UTF-8 can write the text: for half of a surrogate pair it has U+FFFD, whichever half it is. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** Text that Postgres can store. */
export const storableText = z.string().refine(isStorable, mustBeStorable);

/** Where external ids, user names and login emails are unique: a project, or the staff of the deployment. */
export const realmId = id;
/** The realm of all staff. A constant, because there is one in a deployment and every service must know it. */
export const staffRealmId = '00000000-0000-7000-8000-000000000001';

/** Who asks for a change: recorded as `createdBy`, `modifiedBy` and in receipts. `system` is Rollcall itself. */
export const actor = z.object({ type: z.enum(['user', 'credential', 'system']), id: z.string().max(64) });
export type Actor = z.output<typeof actor>;
export const systemActor: Actor = { type: 'system', id: 'rollcall' };

/** How many rows of which table a service erased, or still holds: `{"users": 1, "events": 12}`. */
export const tableCounts = z.record(z.string(), z.number().int().nonnegative());
export type TableCounts = z.output<typeof tableCounts>;
