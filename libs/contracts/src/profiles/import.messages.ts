import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, realmId } from '../values.js';
import { profilePatch } from './user.messages.js';

const externalId = z.string().min(1).max(128);

/** Which of the given users there are. A user is named by id, or by external id; that of somebody merged into another means the other. */
export const findUsers = defineMessage({
  subject: 'profiles.user.find-batch',
  request: z.object({ realmId, users: z.array(z.union([z.object({ userId: id }), z.object({ externalId })])).min(1).max(1_000) }),
  /** In the order asked; null: nobody, `erased`: nobody any more, and nobody may be made of the external id by an import. */
  response: z.object({ found: z.array(z.union([z.object({ userId: id, email: z.string().nullable() }), z.literal('erased')]).nullable()) }),
});

/**
 * Creates and updates users who are about to be able to log in, each for itself, and marks them so: from now on profiles asks
 * identity before their email changes. Sending it again is harmless.
 */
export const importUsers = defineMessage({
  subject: 'profiles.user.import-batch',
  request: z.object({
    realmId,
    users: z
      .array(z.object({ /** The id the user gets if they are new. */ newUserId: id, /** Absent: nobody is made. */ externalId: externalId.optional(), patch: profilePatch.pick({ email: true, createdAt: true }) }))
      .min(1)
      .max(250),
    actor,
  }),
  /** In the order asked: the user with the email as it stands, or why not (a code of `upsertUser`'s, or `service-unavailable`). */
  response: z.object({
    results: z.array(z.union([z.object({ userId: id, email: z.string().nullable() }), z.object({ error: z.object({ code: z.string(), message: z.string() }) })])),
  }),
  deadlineMs: 20_000,
});
