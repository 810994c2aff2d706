import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, realmId, timestamp } from '../values.js';
import { trackedEvent } from './event.messages.js';
import { profilePatch } from './user.messages.js';

/** Rows of a file that are written together; more make a message too large. */
export const mostLoadedAtOnce = 500;

const refused = z.object({ failure: z.object({ code: z.string(), message: z.string(), details: z.array(z.object({ path: z.string(), message: z.string() })).optional() }) });

/**
 * Creates and updates users who come from a file, each for itself: what is refused of one keeps no other from being written.
 * Nobody who was erased comes back. Sent again with the same `newUserId`s, it answers the same.
 */
export const loadUsers = defineMessage({
  subject: 'profiles.user.load-batch',
  request: z.object({
    realmId,
    /** No external id twice. */
    users: z.array(z.object({ newUserId: id, externalId: z.string().min(1).max(128), patch: profilePatch })).min(1).max(mostLoadedAtOnce),
    /** True: nothing is written, and the answer is what it would be. */
    checkOnly: z.boolean(),
    actor,
  }),
  /** One per user, in order. */
  response: z.object({ results: z.array(z.union([z.object({ written: z.enum(['created', 'updated']) }), refused])) }),
  deadlineMs: 20_000,
});

/**
 * Stores events that come from a file, each for itself. The same batch of the same import, sent again within a day, answers
 * the same: what it stored the first time is `now`.
 */
export const loadEvents = defineMessage({
  subject: 'profiles.event.load-batch',
  request: z.object({
    realmId,
    importId: id,
    /** Which of the import's batches: the place of its first event in the file. */
    batch: z.number().int().nonnegative(),
    /** A part of the batch that begins there, after the whole of it failed: another request, of as many events as it has. */
    isPart: z.boolean().optional(),
    events: z.array(z.object({ uid: z.string().min(1).max(128), event: trackedEvent.extend({ timestamp: timestamp.optional() }) })).min(1).max(mostLoadedAtOnce),
    checkOnly: z.boolean(),
  }),
  response: z.object({ results: z.array(z.union([z.object({ stored: z.enum(['now', 'before']) }), refused])) }),
  deadlineMs: 20_000,
});
