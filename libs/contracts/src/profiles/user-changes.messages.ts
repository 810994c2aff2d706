import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { longestUid } from '../uid-text.js';
import { actor, id, realmId } from '../values.js';
import { profile, profilePatch, userAddress, writerPermissions } from './user.messages.js';

/**
 * Updates the user whom a uid means, or makes one of that external id. A user without an external id takes one: by
 * `externalId`, or when nobody goes by the uid and the patch tells the email of one who has none.
 */
export const putUser = defineMessage({
  subject: 'profiles.user.put',
  request: z.object({
    realmId,
    uid: z.string().min(1).max(longestUid),
    /** The external id as the caller knows it. Of a user who has another it is refused with `uid-mismatch`. */
    externalId: z.string().min(1).max(128).optional(),
    /** The id the user gets if they are new. */
    newUserId: id,
    /** False: a user who is not there answers `user-not-found`. */
    create: z.boolean().default(true),
    patch: profilePatch,
    mayChangeEmail: z.boolean().default(true),
    mayConvert: z.boolean().default(true),
    /** False: `uid-change-forbidden` where a user without an external id would take one. */
    mayTakeExternalId: z.boolean().default(true),
    permissions: writerPermissions,
    actor,
  }),
  response: z.object({ user: profile, created: z.boolean() }),
  errors: ['user-not-found', 'user-erased', 'email-change-forbidden', 'login-outranks', 'uid-change-forbidden', 'account-change-forbidden', 'invalid-profile', 'email-taken', 'uid-taken', 'uid-mismatch', 'field-busy'],
});

/**
 * Makes two users one. The destination keeps its values, gains what it lacked, and takes over events, devices and
 * accounts; the source's uid means the destination from then on. A source who logs in is refused. Asked again, it answers
 * the same.
 */
export const mergeUsers = defineMessage({
  subject: 'profiles.user.merge',
  request: z.object({
    realmId,
    source: userAddress,
    destination: userAddress,
    /** Under which what is left of the source is erased. */
    erasureId: id,
    permissions: writerPermissions,
    actor,
  }),
  /**
   * `erasureId`: under which what was left of the source is erased, also when asked again; null: not known any more.
   * `erased`: whom this call has hidden for it, for `operations.takeUpErasure`; absent when it was asked again.
   */
  response: z.object({ user: profile, erasureId: id.nullable(), erased: id.optional() }),
  /** `user-not-found` has the detail `source` or `destination`. */
  errors: ['user-not-found', 'user-erased', 'merge-same-user', 'merge-source-logs-in', 'login-outranks', 'invalid-profile', 'email-taken'],
  deadlineMs: 60_000,
});
