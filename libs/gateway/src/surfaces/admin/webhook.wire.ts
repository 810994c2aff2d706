import { z } from 'zod';
import { dateText, isStorable, mustBeStorable, operations } from '#libs/contracts';
import { eventTypes } from './events-feed.wire.js';
import { nameText, projectParams } from './management.wire.js';

export const webhookParams = projectParams.extend({ webhook_id: z.string() });
export const deliveryParams = webhookParams.extend({ delivery_id: z.string() });

const urlText = z.string({ error: 'must be a string' }).min(1, 'must not be empty').max(2_048, 'must not be longer than 2048 characters').refine(isStorable, mustBeStorable);

export const createWebhookBody = z.strictObject({
  url: urlText.describe('An https:// address in the internet'),
  description: nameText.nullish(),
  types: eventTypes.nullish().describe('Types of events as the feed has them, such as `rollcall.user.*`; null: all'),
});

export const changeWebhookBody = z.strictObject({
  url: urlText.nullish(),
  description: nameText.nullish(),
  types: eventTypes.nullish(),
  all_types: z.literal(true).nullish().describe('All types, in place of `types`'),
  enabled: z.boolean({ error: 'must be true or false' }).nullish(),
});

export const webhookObject = z.object({
  webhook_id: z.string(),
  url: z.string(),
  description: z.string().nullable(),
  types: z.array(z.string()).nullable().describe('null: all'),
  enabled: z.boolean(),
  disabled_at: z.string().nullable(),
  disabled_reason: operations.webhookDisabledReason.nullable().describe('manual; gone: it answered 410; failing: it took nothing for too long'),
  failing_since: z.string().nullable().describe('Since when nothing was taken'),
  previous_secret_until: z.string().nullable().describe('Until when the secret before the last rotation signs too'),
  created_at: z.string(),
  modified_at: z.string(),
});
export type WebhookObject = z.output<typeof webhookObject>;

export const webhookWithSecret = webhookObject.extend({ secret: z.string().describe('Shown once') });
export type WebhookWithSecret = z.output<typeof webhookWithSecret>;

export const deliveryObject = z.object({
  delivery_id: z.string(),
  event_id: z.string().describe('`webhook-id`, and the `id` of the event'),
  sequence: z.string().describe('Of the event in the feed'),
  type: z.string(),
  subject: z.string(),
  state: operations.deliveryState,
  attempts: z.number().int(),
  response_status: z.number().int().nullable().describe('Of the last attempt; null: nobody answered'),
  error: z.string().nullable().describe('Why the last attempt failed, such as refused, timeout, refused-address'),
  created_at: z.string(),
  attempted_at: z.string().nullable(),
  next_attempt_at: z.string().nullable(),
  finished_at: z.string().nullable(),
});
export type DeliveryObject = z.output<typeof deliveryObject>;

const outcomeFields = { response_status: z.number().int().nullable(), error: z.string().nullable(), duration_ms: z.number().int() };
export const deliveryWithAttempts = deliveryObject.extend({ log: z.array(z.object({ attempt: z.number().int(), at: z.string(), ...outcomeFields })).describe('The last hundred attempts, newest first') });
export type DeliveryWithAttempts = z.output<typeof deliveryWithAttempts>;
export const testOutcome = z.object({ delivered: z.boolean(), ...outcomeFields });

export const deliveriesQuery = z.object({
  state: operations.deliveryState.optional(),
  subject: z.string().min(1).max(128).regex(/^\P{C}*$/u, 'must not contain control characters').optional().describe('Id of the user or thing that events are about'),
  cursor: z.string().regex(/^[1-9]\d{0,14}$/, 'must be `next_cursor` of the page before').transform(Number).optional(),
  page_size: z.string().regex(/^([1-9]\d?|100)$/, 'must be a whole number from 1 to 100').transform(Number).default(50),
});

export const replayBody = z.strictObject({
  from: dateText.describe('Events that happened from this time on, ISO 8601'),
  to: dateText.nullish().describe('And before this time'),
  only_failed: z.boolean({ error: 'must be true or false' }).nullish().describe('Only what was given up'),
});

export function toWebhookObject({ webhookId, url, description, types, disabledAt, disabledReason, failingSince, previousSecretUntil, createdAt, modifiedAt }: operations.Webhook): WebhookObject {
  return {
    webhook_id: webhookId, url, description, types, enabled: disabledAt === null, disabled_at: disabledAt, disabled_reason: disabledReason, failing_since: failingSince,
    previous_secret_until: previousSecretUntil, created_at: createdAt, modified_at: modifiedAt,
  };
}

export function toDeliveryObject({ deliveryId, eventId, position, type, subject, state, attempts, status, error, createdAt, attemptedAt, nextAttemptAt, finishedAt }: operations.WebhookDelivery): DeliveryObject {
  return {
    delivery_id: deliveryId, event_id: eventId, sequence: String(position).padStart(16, '0'), type, subject, state, attempts, response_status: status, error,
    created_at: createdAt, attempted_at: attemptedAt, next_attempt_at: nextAttemptAt, finished_at: finishedAt,
  };
}

/** What is no id is nobody's: the same 404 as an unknown one. */
export function webhookIdOf(text: string): string {
  const parsed = z.uuid().safeParse(text);
  if (!parsed.success) throw operations.operationsErrors.failure('webhook-not-found', 'There is no such webhook.');
  return parsed.data.toLowerCase();
}

export function deliveryIdOf(text: string): string {
  const parsed = z.uuid().safeParse(text);
  if (!parsed.success) throw operations.operationsErrors.failure('delivery-not-found', 'There is no such delivery.');
  return parsed.data.toLowerCase();
}
