import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { longestUid } from '../uid-text.js';
import { actor, id, realmId } from '../values.js';
import { profile, profilePatch, writerPermissions } from './user.messages.js';

/** Names of the attributes that are declared as fields, and of the events whose first and last times are kept. */
const shown = { declared: z.array(z.string()), marked: z.array(z.string()) };

/**
 * Creates and updates users, all or none. A refusal names every mistake: `users[3].attributes.joined`. `invalid-profile`
 * comes before `user-erased` where both are true of a batch.
 */
export const upsertUsers = defineMessage({
  subject: 'profiles.user.upsert-batch',
  request: z.object({
    realmId,
    /** No external id twice. */
    users: z
      .array(z.object({ newUserId: id, externalId: z.string().min(1).max(longestUid), patch: profilePatch, recreateErased: z.boolean().default(false) }))
      .min(1)
      .max(1_000),
    /** True: an attribute that is no declared field is a mistake. */
    declaredOnly: z.boolean(),
    /** True: who has no external id and goes by one of these, as by their email, is the one. */
    asAddressed: z.boolean().default(false),
    /** True: nothing is written; a mistake is answered as it would be, and no mistake by no users. */
    checkOnly: z.boolean().default(false),
    permissions: writerPermissions,
    actor,
  }),
  /** As many users as fit in an answer, in order, and the ids of the rest, for `readUsers`. */
  response: z.object({ users: z.array(profile), rest: z.array(id), ...shown }),
  errors: ['user-erased', 'invalid-profile', 'email-taken', 'login-outranks', 'uid-taken', 'field-busy'],
  deadlineMs: 20_000,
});

/** Reads users by id. Those that are not there are left out. */
export const readUsers = defineMessage({
  subject: 'profiles.user.read-batch',
  request: z.object({ realmId, userIds: z.array(id).min(1).max(1_000) }),
  /** As many as fit in an answer, in the order asked; `rest` are the ids that were not looked at. */
  response: z.object({ users: z.array(profile), rest: z.array(id) }),
});

/** The users of a realm, newest first by the order in which they were inserted. */
export const listNewestUsers = defineMessage({
  subject: 'profiles.user.list-newest',
  request: z.object({ realmId, limit: z.number().int().min(1).max(100), cursor: z.string().max(512).optional(), /** Only users of this segment. */ segmentId: id.optional() }),
  /** A page whose users are large may hold fewer than asked; only `nextCursor` says whether there are more. */
  response: z.object({ users: z.array(profile), nextCursor: z.string().nullable(), ...shown }),
  errors: ['invalid-cursor', 'segment-not-found'],
});
