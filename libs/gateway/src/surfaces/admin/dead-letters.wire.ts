import { z } from 'zod';
import { consumerName, dateText, discardReasons, eventTypeName } from '#libs/contracts';
import { deadLetterServices, type DeadLetterQuestion, type ServedDeadLetter } from '../../upstream/dead-letters.js';
import { wholeNumberMeta } from '../../http/whole-number.js';

const service = z.enum(deadLetterServices, { error: `must be one of ${deadLetterServices.join(', ')}` });
const consumer = z.string({ error: 'must be a string' }).refine((text) => consumerName.safeParse(text).success, 'must be the name of a consumer, such as hidden-users');
const subject = z.string({ error: 'must be a string' }).refine((text) => eventTypeName.safeParse(text).success, 'must be the subject of an event, such as profiles.users.hidden');

/** Which dead letters are meant: in a query or a body. */
export const deadLetterQuestion = z.object({
  service: service.optional().describe('Whose consumer gave up'),
  consumer: consumer.optional(),
  subject: subject.optional().describe('Of the event, such as `profiles.users.hidden`'),
  from: dateText.optional().describe('Given up at this time or later, ISO 8601'),
  to: dateText.optional().describe('Given up before this time, ISO 8601'),
});

const largestPage = 100;
export const deadLettersQuery = deadLetterQuestion.extend({
  cursor: z.string().min(1).max(512).optional().describe('`next_cursor` of the page before, of the same question'),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, `must be a whole number from 1 to ${largestPage}`)
    .transform(Number)
    .refine((limit) => limit <= largestPage, `must be a whole number from 1 to ${largestPage}`)
    .default(50)
    .describe(`1 to ${largestPage}`)
    .meta(wholeNumberMeta(1, largestPage, 50)),
});

export const deadLetterParams = z.object({ service: z.string(), consumer: z.string(), event_id: z.string() });
export const addressedLetter = z.object({ service, consumer, event_id: z.uuid() });

export const unreachable = z.array(z.string()).describe('Services that did not answer, and are left out');

export const deadLetterObject = z.object({
  service: z.string(),
  consumer: z.string(),
  event_id: z.string(),
  subject: z.string(),
  request_id: z.string().describe('Of the request that the event came from'),
  occurred_at: z.string(),
  dead_since: z.string(),
  deliveries: z.number().int().describe('How often it was tried, replays included'),
  error: z.string().describe('What the last try failed with: a code or a kind of error'),
  replay_requested_at: z.string().nullable().describe('It waits to be replayed since'),
  data: z.record(z.string(), z.unknown()).describe('Ids, versions and names of facts, as every event has them'),
});

export const noSuchLetter = 'There is no such dead letter: it may have been replayed or discarded.';

export const discardBody = z.strictObject({ reason: z.enum(discardReasons, { error: `must be one of ${discardReasons.join(', ')}` }) });

export function toQuestion({ subject: type, ...filter }: z.output<typeof deadLetterQuestion>): DeadLetterQuestion {
  return { ...filter, type };
}

export function toDeadLetterObject(letter: ServedDeadLetter): z.output<typeof deadLetterObject> {
  return {
    service: letter.service,
    consumer: letter.consumer,
    event_id: letter.eventId,
    subject: letter.type,
    request_id: letter.requestId,
    occurred_at: letter.occurredAt,
    dead_since: letter.deadSince,
    deliveries: letter.deliveries,
    error: letter.error,
    replay_requested_at: letter.replayRequestedAt,
    data: letter.data,
  };
}
