import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { realmId, scalar, timestamp } from '../values.js';
import { sight } from './activity.messages.js';
import { scalarBag } from './bag.js';
import { userAddress } from './user.messages.js';

/** Something a user did. */
export const trackedEvent = z.object({
  /** Unique per user, for ever: the same id again is the same event. The gateway mints one where the client sends none. */
  id: z.string().min(1).max(128),
  event: z.string().min(1).max(256),
  value: scalar.nullable(),
  properties: scalarBag,
  timestamp,
});
export type TrackedEvent = z.output<typeof trackedEvent>;

export const trackEvent = defineMessage({
  subject: 'profiles.event.track',
  request: z.object({
    realmId,
    user: userAddress,
    /** Without a timestamp it happened when the database received it. */
    event: trackedEvent.extend({ timestamp: timestamp.optional() }),
    /** Told by the end user's own request: where that came from. */
    sight: sight.optional(),
  }),
  response: z.object({ stored: z.enum(['now', 'before']) }),
  errors: ['user-not-found', 'user-erased', 'invalid-event'],
});

export const listEvents = defineMessage({
  subject: 'profiles.event.list',
  request: z.object({
    realmId,
    user: userAddress,
    event: z.string().optional(),
    /** Inclusive. */
    from: timestamp.optional(),
    /** Exclusive. */
    to: timestamp.optional(),
    limit: z.number().int().min(1).max(100),
    cursor: z.string().max(512).optional(),
  }),
  /** Newest first. */
  response: z.object({ events: z.array(trackedEvent), nextCursor: z.string().nullable() }),
  errors: ['user-not-found', 'invalid-cursor'],
});

/** So many names are told apart in a count by days; what is left is told together. */
export const mostCountedEvents = 20;

/** How often a user did what on which day (UTC). Days without events are left out. */
export const countEventsByDay = defineMessage({
  subject: 'profiles.event.count-by-day',
  request: z.object({
    realmId,
    user: userAddress,
    /** Inclusive. */
    from: timestamp,
    /** Exclusive. */
    to: timestamp,
  }),
  /** `event` null: all whose names are not among the most frequent. */
  response: z.object({ days: z.array(z.object({ day: z.iso.date(), event: z.string().nullable(), count: z.number().int() })) }),
  errors: ['user-not-found'],
});
