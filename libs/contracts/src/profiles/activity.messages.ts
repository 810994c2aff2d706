import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, realmId } from '../values.js';

/** A project marks at most that many events: each is two fields of every user who had it. */
export const mostActivityEvents = 50;

/** The fields that are kept of a marked event: the times of its first and its last. */
export function activityFieldsOf(event: string): readonly [first: string, last: string] {
  return [`first_${event}_at`, `last_${event}_at`];
}

/** The event that a name of this form would be a field of: `last_completed_card_at` → `completed_card`. */
export function activityEventOf(field: string): string | undefined {
  return /^(?:first|last)_(.+)_at$/s.exec(field)?.[1];
}

const activityEvents = z.object({
  /** Names of the marked events, in the order in which they were given. */
  events: z.array(z.string()),
  /** Those of them whose fields are still being found in what users did before. */
  computing: z.array(z.string()),
});

/** Events of whose name the first and the last time is kept with each user. */
export const listActivityEvents = defineMessage({ subject: 'profiles.activity.list-events', request: z.object({ realmId }), response: activityEvents });

/**
 * Marks these events, and no others. What users did before counts too, within moments. A field that they would have must
 * not be anybody's attribute: `activity-field-taken`.
 */
export const markActivityEvents = defineMessage({
  subject: 'profiles.activity.mark-events',
  request: z.object({ realmId, events: z.array(z.string().min(1).max(256)).max(mostActivityEvents), actor }),
  response: activityEvents,
  errors: ['invalid-activity-event', 'activity-field-taken'],
  deadlineMs: 30_000,
});

/** What an end user's own request tells of what they use. */
export const sight = z.object({
  /** Null: it can't be told. */
  platform: z.enum(['browser', 'android', 'ios']).nullable(),
  /** The browser, or the phone: `Android 10; SM-A015F`. */
  device: z.string().max(512).nullable(),
  sdkVersion: z.string().max(64).nullable(),
});
export type Sight = z.output<typeof sight>;

/** An end user was there, just now. */
export const noteSight = defineMessage({
  subject: 'profiles.activity.note-sight',
  request: z.object({ realmId, userId: id, sight }),
  response: z.object({}),
  errors: ['user-not-found'],
});
