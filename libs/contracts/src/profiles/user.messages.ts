import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { givenJson, jsonValue } from '../json-value.js';
import { projectPermissions } from '../membership/permissions.js';
import { longestUid } from '../uid-text.js';
import { actor, id, realmId, timestamp } from '../values.js';
import { scalarBag, scalarBagPatch } from './bag.js';
import { profileLimits } from './limits.js';

/**
 * How a caller names a user: by id, or by `uid`. A uid is the external id; for a user that has none it is the email,
 * else the user name, else the id: the first of these by which nobody else goes.
 */
export const userAddress = z.union([z.object({ userId: id }), z.object({ uid: z.string().min(1).max(longestUid) })]);
export type UserAddress = z.output<typeof userAddress>;

export const device = z.object({ token: z.string(), platform: z.enum(['android', 'ios']) });

/** A user's place in an account. */
export const membership = z.object({ id: z.string(), role: z.string().nullable() });

/** What a user said about a list: that they want it, or that they don't. */
export const subscription = z.object({ id, subscribed: z.boolean() });

/** One user's profile as its owner tells it. */
export const profile = z.object({
  userId: id,
  realmId,
  externalId: z.string().nullable(),
  /** The external id, or what stands for it (see `userAddress`). */
  uid: z.string(),
  displayName: z.string().nullable(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  notes: z.string().nullable(),
  city: z.string().nullable(),
  country: z.string().nullable(),
  region: z.string().nullable(),
  timezone: z.string().nullable(),
  /** What the user wants: `{"timezone": "Pacific/Auckland", "notificationsEnabled": true}`. */
  preferences: z.record(z.string(), jsonValue),
  /** When a preference last changed. */
  preferencesUpdatedAt: timestamp.nullable(),
  attributes: scalarBag,
  devices: z.array(device),
  isAccount: z.boolean(),
  /** The accounts (groups) the user belongs to, in the order of joining; each by its uid. */
  accounts: z.array(membership),
  /** Lists that the user is subscribed to or has left, in the order of subscribing. */
  lists: z.array(subscription),
  /** Segments that the user is in; suppressed: nothing that is sent to it is for them. */
  segments: z.array(z.object({ id, suppressed: z.boolean() })),
  /** Of the earliest event or request of the user's own, whichever was sooner. */
  firstSeenAt: timestamp.nullable(),
  lastSeenAt: timestamp.nullable(),
  /** What the user last used, and when they did what the project marked, by the names of fields: `last_browser`, `first_completed_card_at`. */
  activity: z.record(z.string(), z.string()),
  createdAt: timestamp,
  createdBy: z.string(),
  modifiedAt: timestamp,
  modifiedBy: z.string(),
  version: z.number().int(),
  /** Projections of what identity and membership own. */
  userName: z.string().nullable(),
  isActive: z.boolean(),
  roles: z.array(z.string()),
});
export type Profile = z.output<typeof profile>;

/** Absent: unchanged. `null`: removed. Attributes and preferences are merged key by key. */
export const profilePatch = z.object({
  /** The whole name. Where there are no first and last name, they follow from it. */
  displayName: z.string().max(512).nullish(),
  firstName: z.string().max(profileLimits.namePartCharacters).nullish(),
  lastName: z.string().max(profileLimits.namePartCharacters).nullish(),
  email: z.string().max(320).nullish(),
  phone: z.string().max(64).nullish(),
  notes: z.string().max(16_384).nullish(),
  city: z.string().max(256).nullish(),
  country: z.string().max(256).nullish(),
  region: z.string().max(256).nullish(),
  timezone: z.string().max(64).nullish(),
  preferences: z.record(z.string(), givenJson).optional(),
  createdAt: timestamp.nullish(),
  attributes: scalarBagPatch.optional(),
  /** Moved to the front of the last five. */
  device: device.optional(),
  /** Whether the user is an account, which others may join, or a customer. */
  isAccount: z.boolean().optional(),
  /** Ids of lists to subscribe to; the user stays in the others. One that the project has not is a mistake: `lists[2]`. */
  lists: z.array(z.string().max(256)).max(100).optional(),
});
export type ProfilePatch = z.output<typeof profilePatch>;

/**
 * What whoever writes may do in the project: the email that somebody logs in by who may do more stays as it is (`login-outranks`), or they would soon be
 * them. Absent: whether they may was asked before.
 */
export const writerPermissions = z.array(z.enum(projectPermissions)).optional();

export const upsertUser = defineMessage({
  subject: 'profiles.user.upsert',
  request: z.object({
    realmId,
    /** The id the user gets if they are new. */
    newUserId: id,
    /** External id, or, `asAddressed`, what stands for it; absent for a user that has none and is made by its id (staff). */
    externalId: z.string().min(1).max(longestUid).optional(),
    /** True: nobody is made beside a user who has no external id and goes by this one, as by their email: they are the one. */
    asAddressed: z.boolean().default(false),
    patch: profilePatch,
    /** Creating is explicit: it makes a new user of an erased uid. Otherwise an erased uid answers `user-erased`. */
    recreateErased: z.boolean().default(false),
    /** False: an email that is set already must stay as it is. */
    mayChangeEmail: z.boolean().default(true),
    /** False: who is there already stays the account or the customer that they are. */
    mayConvert: z.boolean().default(true),
    /** False: who has no external id is given none. */
    mayTakeExternalId: z.boolean().default(true),
    /** Nobody is made: who is not there answers `user-not-found`. */
    onlyExisting: z.boolean().default(false),
    /** The external id that a user who has none takes. */
    takeExternalId: z.string().min(1).max(128).optional(),
    /** Names of facts about the user that other services change in the same request: the change is one of the user too. */
    touched: z.array(z.string().max(64)).max(20).default([]),
    /** True: nothing is written; the answer, or the refusal, is what it would be. */
    checkOnly: z.boolean().default(false),
    permissions: writerPermissions,
    actor,
  }),
  /** `again`: the request was answered before, under its idempotency key; `user` is as they are now. `createdAt`: the user's when they were made by it, where it told none. */
  response: z.object({ user: profile, created: z.boolean(), again: z.object({ createdAt: timestamp.nullable() }).optional() }),
  errors: ['user-not-found', 'user-erased', 'email-change-forbidden', 'login-outranks', 'uid-change-forbidden', 'account-change-forbidden', 'invalid-profile', 'email-taken', 'uid-taken', 'uid-mismatch', 'field-busy'],
});

export const getUser = defineMessage({
  subject: 'profiles.user.get',
  request: z.object({ realmId, user: userAddress }),
  response: profile,
  errors: ['user-not-found'],
});
