import { z } from 'zod';
import { defineErrors } from '#libs/platform/errors';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, timestamp } from './values.js';

/** Of a consumer, as it is named where it is declared. */
export const consumerName = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/);
/** The subject of an event: `profiles.users.hidden`. */
export const eventTypeName = z.string().regex(/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9_-]*)+$/).max(128);

/** Which dead letters of a service; nothing: all of them. */
export const deadLetterFilter = z.object({
  consumer: consumerName.optional(),
  type: eventTypeName.optional(),
  eventId: id.optional(),
  /** Given up at this time or later. */
  from: timestamp.optional(),
  /** Given up before this time. */
  to: timestamp.optional(),
});
export type DeadLetterFilter = z.output<typeof deadLetterFilter>;

/** An event that a consumer gave up. It holds ids, versions and names of facts, as every event does. */
export const deadLetter = z.object({
  consumer: z.string(),
  eventId: id,
  type: z.string(),
  data: z.record(z.string(), z.unknown()),
  requestId: z.string(),
  occurredAt: timestamp,
  deadSince: timestamp,
  /** How often it was tried, replays included. */
  deliveries: z.number().int(),
  /** What the last try failed with: a code or a kind of error, never a value. */
  error: z.string(),
  /** Since when it waits to be replayed; null: it does not. */
  replayRequestedAt: timestamp.nullable(),
});
export type DeadLetter = z.output<typeof deadLetter>;

/** Why somebody throws a dead letter away. A list and no text, so that nobody writes about anybody in it. */
export const discardReasons = ['fixed-by-hand', 'no-longer-needed', 'duplicate', 'cannot-succeed'] as const;

export const deadLetterErrors = defineErrors({ 'dead-letter-not-found': 'not-found' });

/** Dead letters are in the database of the service whose consumer gave up; each service answers for its own. */
function deadLetterMessages(service: string) {
  return {
    /**
     * By event, the newest first, then by consumer.
     * `after` is a place in that order: behind this consumer's letter of the event, or behind all of the event (`consumer: null`).
     */
    list: defineMessage({
      subject: `${service}.dead-letters.list`,
      request: z.object({ filter: deadLetterFilter, limit: z.number().int().min(1).max(1_001), after: z.object({ eventId: id, consumer: z.string().nullable() }).optional() }),
      response: z.object({ deadLetters: z.array(deadLetter) }),
    }),
    /** How many there are, by consumer and type. */
    count: defineMessage({
      subject: `${service}.dead-letters.count`,
      request: z.object({}),
      response: z.object({ counts: z.array(z.object({ consumer: z.string(), type: z.string(), count: z.number().int(), waiting: z.number().int(), oldest: timestamp })) }),
    }),
    /** Marks all that fit as waiting for a replay. Again is harmless. */
    requestReplay: defineMessage({
      subject: `${service}.dead-letters.request-replay`,
      request: z.object({ filter: deadLetterFilter, actor }),
      response: z.object({ requested: z.number().int() }),
      deadlineMs: 10_000,
    }),
    /** Replays one at once. `replayed: false`: it failed again, and is as it is now in `deadLetter`. */
    replay: defineMessage({
      subject: `${service}.dead-letters.replay`,
      request: z.object({ consumer: consumerName, eventId: id, actor }),
      response: z.object({ replayed: z.boolean(), deadLetter: deadLetter.nullable() }),
      errors: ['dead-letter-not-found'],
      deadlineMs: 20_000,
    }),
    /** Replays what waits for it, the oldest events first, for some seconds at most. `more`: there is something left. */
    replayRequested: defineMessage({
      subject: `${service}.dead-letters.replay-requested`,
      request: z.object({ budgetMs: z.number().int().min(1).max(10_000) }),
      response: z.object({ replayed: z.number().int(), failed: z.number().int(), more: z.boolean() }),
      deadlineMs: 75_000, // one handler may take a minute
    }),
    /** Throws away up to 1,000 that fit, the newest first. */
    discard: defineMessage({
      subject: `${service}.dead-letters.discard`,
      request: z.object({ filter: deadLetterFilter, reason: z.enum(discardReasons), actor }),
      response: z.object({ discarded: z.number().int(), more: z.boolean() }),
      deadlineMs: 10_000,
    }),
  };
}

/** Every service that consumes events. */
export const deadLetterSources = {
  identity: deadLetterMessages('identity'),
  profiles: deadLetterMessages('profiles'),
  membership: deadLetterMessages('membership'),
  operations: deadLetterMessages('operations'),
};
export type DeadLetterService = keyof typeof deadLetterSources;
