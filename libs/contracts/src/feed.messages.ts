import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { id, timestamp } from './values.js';

/** An event as it lies in the outbox of the service that it comes from. `traceparent`: of the span that it happened in, where there are traces. */
export const outboxEvent = z.object({ id, type: z.string(), data: z.unknown(), occurredAt: timestamp, requestId: z.string(), traceparent: z.string().nullish() });
export type OutboxEvent = z.output<typeof outboxEvent>;

/** How a service hands its events to the feeds: in order, and again until they are settled. */
function feedMessages(service: string) {
  return {
    /** The oldest events that are not settled, in the order in which they were appended; as many as fit in an answer. `more`: there may be others. */
    pending: defineMessage({
      subject: `${service}.feed.pending`,
      request: z.object({ limit: z.number().int().min(1).max(1_000) }),
      response: z.object({ events: z.array(outboxEvent), more: z.boolean() }),
      deadlineMs: 2_000,
    }),
    /** They are in the feed: the service need not hand them over any more. Idempotent. */
    settle: defineMessage({
      subject: `${service}.feed.settle`,
      request: z.object({ eventIds: z.array(id).min(1).max(1_000) }),
      response: z.object({}),
      deadlineMs: 2_000,
    }),
  };
}

/** Every service that has events. */
export const feedSources = {
  identity: feedMessages('identity'),
  profiles: feedMessages('profiles'),
  membership: feedMessages('membership'),
};
