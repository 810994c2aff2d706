import { z } from 'zod';
import { dateText, emailText, type profiles, scalar, shownUidText, uidText } from '#libs/contracts';
import { fewKeys } from '../../http/few-keys.js';

const metaValue = z.union([scalar, z.null()], { error: 'must be a string, a number (whole ones below 2^53, larger ones as a string), a boolean or null' });

/** What creating and updating have in common. */
const userFields = {
  lists: z.array(z.string({ error: 'must be the id of a list' }).max(256, 'is not a list of this project'), { error: 'must be an array of list ids' }).max(100, 'must not name more than 100 lists').optional(),
  first_name: z.string().max(256).nullish(),
  last_name: z.string().max(256).nullish(),
  device_token: z.string().min(1).max(4_096).nullish(),
  device_platform: z.enum(['android', 'ios'], { error: 'must be android or ios' }).nullish(),
  number: z.string().max(64).nullish(),
  email: emailText.nullish(),
  created_at: dateText.nullish(),
  meta: fewKeys(z.record(z.string(), metaValue, { error: 'must be an object' })).optional(),
  is_account: z.boolean({ error: 'must be true or false' }).nullish(),
};

type UserFields = z.output<z.ZodObject<typeof userFields>>;

function checkTogether(body: UserFields, context: z.RefinementCtx): void {
  if (body.device_token != null && body.device_platform == null) context.addIssue({ code: 'custom', path: ['device_platform'], message: 'is required with device_token: android or ios' });
}

export const createUserBody = z.object({ id: shownUidText.describe('1 to 128 letters, digits or any of `- _ . @ : + =`; or what a user shows who has no id of yours'), ...userFields }).superRefine(checkTogether);

/** `id` may repeat the path's; a user who has no id of yours takes it. */
export const updateUserBody = z.object({ id: uidText.nullish(), ...userFields }).superRefine(checkTogether);

/** The user object: exactly these keys, absent values `null`, arrays `[]`. */
export const userObject = z.object({
  id: z.string().describe('Internal id'),
  uid: z.string().describe('Your id of the user'),
  uid_updateable: z.literal(true).optional().describe('Present when the user has no id of yours yet'),
  first_name: z.string().nullable(),
  last_name: z.string().nullable(),
  number: z.string().nullable(),
  email: z.string().nullable(),
  devices: z.array(z.object({ token: z.string(), platform: z.enum(['android', 'ios']) })),
  lists: z.array(z.object({ id: z.string(), subscribed: z.boolean() })),
  segments: z.array(z.object({ id: z.string(), suppressed: z.boolean() })),
  meta: z.record(z.string(), scalar),
  created_at: z.string().nullable(),
  is_account: z.boolean(),
  accounts: z.array(z.object({ id: z.string(), role: z.string().nullable() })),
});
export type UserObject = z.output<typeof userObject>;

export function toUserObject(user: profiles.Profile): UserObject {
  return {
    id: user.userId,
    uid: user.uid,
    ...(user.externalId === null ? { uid_updateable: true as const } : {}),
    first_name: user.firstName,
    last_name: user.lastName,
    number: user.phone,
    email: user.email,
    devices: user.devices,
    lists: user.lists,
    segments: user.segments,
    meta: user.attributes,
    created_at: user.createdAt,
    is_account: user.isAccount,
    accounts: user.accounts,
  };
}

/** Of the calls that the key alone may make. */
export const writtenUser = 'The user. To the key alone, of somebody who was there before, and where a request is repeated: only what the request itself said';

/**
 * What a write answers to the key alone, which may stand in a web page and must read nobody: of a user who was there
 * before, what this very request said, as it is stored; everything else as if it were absent.
 * @param uid by which the sender knows the user
 */
export function toKnownObject(user: profiles.Profile, uid: string, body: UserFields): UserObject {
  const whole = toUserObject(user);
  const said = <K extends keyof UserFields & keyof UserObject>(field: K) => (body[field] == null ? null : whole[field]);
  const lists = new Set(body.lists?.map((id) => id.toLowerCase()));
  return {
    id: whole.id,
    uid,
    first_name: said('first_name'),
    last_name: said('last_name'),
    number: said('number'),
    email: said('email'),
    devices: whole.devices.filter(({ token }) => token === body.device_token),
    lists: whole.lists.filter(({ id }) => lists.has(id)),
    segments: [],
    meta: Object.fromEntries(Object.entries(whole.meta).filter(([key]) => Object.hasOwn(body.meta ?? {}, key))),
    created_at: said('created_at'),
    is_account: body.is_account === true,
    accounts: [],
  };
}

/**
 * What a request that is sent again under its Idempotency-Key answers to the key alone: what it said. Nothing as it is
 * stored, which others may have changed since.
 */
export function toSaidObject({ userId }: profiles.Profile, uid: string, body: UserFields): UserObject {
  return {
    id: userId,
    uid,
    first_name: body.first_name ?? null,
    last_name: body.last_name ?? null,
    number: body.number ?? null,
    email: body.email ?? null,
    devices: body.device_token == null ? [] : [{ token: body.device_token, platform: body.device_platform as 'android' | 'ios' }],
    lists: [...new Set(body.lists?.map((id) => id.toLowerCase()))].map((id) => ({ id, subscribed: true })),
    segments: [],
    meta: Object.fromEntries(Object.entries(body.meta ?? {}).flatMap(([key, value]) => (value === null ? [] : [[key, value]]))),
    created_at: body.created_at ?? null,
    is_account: body.is_account === true,
    accounts: [],
  };
}

export function toPatch(body: UserFields): profiles.ProfilePatch {
  return {
    firstName: body.first_name,
    lastName: body.last_name,
    phone: body.number,
    email: body.email,
    createdAt: body.created_at,
    attributes: body.meta,
    lists: body.lists,
    ...(body.is_account == null ? {} : { isAccount: body.is_account }),
    ...(body.device_token == null ? {} : { device: { token: body.device_token, platform: body.device_platform as 'android' | 'ios' } }),
  };
}
