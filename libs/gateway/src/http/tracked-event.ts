import type { FastifyRequest } from 'fastify';
import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { dateText, type profiles, scalar } from '#libs/contracts';
import type { RequestInput } from '#libs/platform/messages';
import { fewKeys } from './few-keys.js';
import { eventIdOf } from './idempotency-key.js';

const eventId = z.string({ error: 'must be a string' }).min(1, 'must not be empty').max(128, 'must not be longer than 128 characters');

/** An event as its sender tells it, on every surface that takes one, so that a client needs to learn it once. */
export const trackedEventBody = z.object({
  /** A client's own id makes a retry harmless, for ever. */
  id: eventId.optional().describe('Your id of the event: sent again, it is the same event'),
  event: z.string({ error: 'is required and must be a string' }).min(1, 'must not be empty').max(256, 'must not be longer than 256 characters'),
  value: scalar.nullish(),
  properties: fewKeys(z.record(z.string(), scalar, { error: 'must be an object' })).nullish(),
  timestamp: dateText.nullish().describe('When it happened; default: now'),
});
type TrackedEventBody = z.output<typeof trackedEventBody>;
type EventToTrack = RequestInput<typeof profiles.trackEvent>['event'];

/** @param id of an event that comes without */
export function toEvent(body: TrackedEventBody, id: () => string = newId): EventToTrack {
  return { id: body.id ?? id(), event: body.event, value: body.value ?? null, properties: body.properties ?? {}, timestamp: body.timestamp ?? undefined };
}

/** An event that came alone: the header `Idempotency-Key` is its id where the body has none. */
export function toSingleEvent(body: TrackedEventBody, request: FastifyRequest): EventToTrack {
  return toEvent(body, () => eventIdOf(request) ?? newId());
}
