import { z } from 'zod';
import { v7 as newId } from 'uuid';
import { emailOrNone, type profiles, scalar, shownUidText } from '#libs/contracts';
import { mistakesOf, mostMistakes, type FailureDetail } from '#libs/platform/errors';
import { compiled, type RequestInput } from '#libs/platform/messages';
import { fewKeys } from '../../http/few-keys.js';
import { textUpTo } from './user-values.js';

/** Absent: unchanged; `null`: removed. */
export const preferences = z.strictObject(
  { timezone: textUpTo(64), notificationsEnabled: z.boolean({ error: 'must be true or false' }).nullish() },
  { error: (issue) => (issue.code === 'invalid_type' ? 'must be an object' : undefined) },
);

const profile = z
  .object({
    name: textUpTo(512),
    email: emailOrNone.nullish(),
    phone: textUpTo(64),
    city: textUpTo(256),
    country: textUpTo(256),
    region: textUpTo(256),
    timezone: textUpTo(64),
    external_id: z.string().optional().describe('The same as `id`'),
  }, { error: (issue) => (issue.code === 'invalid_type' ? 'must be an object' : undefined) })
  .catchall(z.union([scalar, z.null()], { error: 'must be a string, a number, a boolean or null' }));

/** One customer of a batch: the standard fields, and declared custom fields beside them. Absent: unchanged; `null`: removed. */
const customerItem = z
  .strictObject(
    { id: shownUidText.describe('1 to 128 letters, digits or any of `- _ . @ : + =`; or what a customer shows who has no id of yours'), profile: fewKeys(profile).optional(), preferences: preferences.optional(), recreate: z.boolean({ error: 'must be true or false' }).optional().describe('An erased id may be borne by somebody new') },
    { error: (issue) => (issue.code === 'invalid_type' ? 'must be an object' : undefined) },
  )
  .superRefine((item, context) => {
    const externalId = item.profile?.external_id;
    if (externalId !== undefined && externalId !== item.id) context.addIssue({ code: 'custom', path: ['profile', 'external_id'], message: 'is the id, and can\'t be another' });
  });
type CustomerItem = z.output<typeof customerItem>;

export const customersBody = z.strictObject({
  users: z
    .array(z.unknown().meta(z.toJSONSchema(customerItem, { target: 'draft-2020-12', io: 'input', unrepresentable: 'any' })), { error: 'must be an array of users' })
    .min(1, 'must hold 1 to 1,000 users')
    .max(1_000, 'must hold 1 to 1,000 users'),
});

type UserToWrite = RequestInput<typeof profiles.upsertUsers>['users'][number];

/** A batch as far as it could be read. */
export interface CustomerItems {
  users: UserToWrite[];
  /** Of each user, its place in the batch. */
  places: number[];
  /** What could not be read. `users` then hold the rest, to be looked at for further mistakes. */
  mistakes: FailureDetail[];
}

/** Reads each item by itself, so that the mistakes of all are found, whatever kind they are of; up to as many as an answer names. */
export function readCustomerItems(items: readonly unknown[]): CustomerItems {
  const read: CustomerItems = { users: [], places: [], mistakes: [] };
  const placeOf = new Map<string, number>();
  for (const [place, given] of items.entries()) {
    if (read.mistakes.length >= mostMistakes) break;
    const item = readItem(given, place, read.mistakes);
    if (item === undefined) continue;
    const before = placeOf.get(item.id);
    if (before !== undefined) {
      read.mistakes.push({ path: `users[${place}].id`, message: `is the id of users[${before}] too` });
      continue;
    }
    placeOf.set(item.id, place);
    read.users.push(toWrite(item));
    read.places.push(place);
  }
  return read;
}

function readItem(given: unknown, place: number, mistakes: FailureDetail[]): CustomerItem | undefined {
  const whole = compiled(customerItem).safeParse(given);
  if (whole.success) return whole.data;
  mistakes.push(...mistakesOf(whole.error.issues, given, `users[${place}]`));
  // What is left without the mistakes may hold others, of the kind that only profiles know.
  const wrong = new Set(whole.error.issues.filter(({ path }) => path[0] === 'profile').map(({ path }) => path[1]));
  const { id, profile: fields, recreate } = Object(given) as Record<string, unknown>;
  const sound = typeof fields === 'object' && fields !== null ? Object.fromEntries(Object.entries(fields).filter(([name]) => !wrong.has(name))) : {};
  return compiled(customerItem).safeParse({ id, profile: sound, ...(recreate === true && { recreate }) }).data;
}

function toWrite({ id, profile: fields = {}, preferences: wishes, recreate = false }: CustomerItem): UserToWrite {
  const { name, email, phone, city, country, region, timezone, external_id: _, ...attributes } = fields;
  const patch = { displayName: name, email, phone, city, country, region, timezone, ...(Object.keys(attributes).length > 0 && { attributes }), ...(wishes !== undefined && { preferences: withoutAbsent(wishes) }) };
  return { newUserId: newId(), externalId: id, recreateErased: recreate, patch };
}

export function withoutAbsent(wishes: NonNullable<CustomerItem['preferences']>): Record<string, string | boolean | null> {
  return Object.fromEntries(Object.entries(wishes).filter(([, value]) => value !== undefined));
}
