import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { realmId, timestamp } from '../values.js';
import { trackedEvent } from './event.messages.js';
import { userAddress } from './user.messages.js';

/** Stores events of one or many users, each for itself: what is refused of one keeps no other from being stored. */
export const trackEvents = defineMessage({
  subject: 'profiles.event.track-batch',
  request: z.object({
    realmId,
    events: z.array(z.object({ user: userAddress, event: trackedEvent.extend({ timestamp: timestamp.optional() }) })).min(1).max(1_000),
  }),
  /** One per event, in order. */
  response: z.object({
    results: z.array(
      z.union([
        z.object({ stored: z.enum(['now', 'before']) }),
        z.object({ failure: z.object({ code: z.string(), message: z.string(), details: z.array(z.object({ path: z.string(), message: z.string() })).optional() }) }),
      ]),
    ),
  }),
  deadlineMs: 30_000,
});
