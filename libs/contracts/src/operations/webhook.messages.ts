import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, storableText, timestamp } from '../values.js';
import { feedType } from './cloud-event.js';

/** Why nothing is sent to it: somebody wanted it so, it answered 410, or it failed for too long. */
export const webhookDisabledReason = z.enum(['manual', 'gone', 'failing']);

export const webhook = z.object({
  webhookId: id,
  url: z.string(),
  description: z.string().nullable(),
  /** Null: all. */
  types: z.array(feedType).nullable(),
  disabledAt: timestamp.nullable(),
  disabledReason: webhookDisabledReason.nullable(),
  /** Since when nothing that was sent has been taken; null while all is well. */
  failingSince: timestamp.nullable(),
  /** Until when the secret before the last rotation signs too. */
  previousSecretUntil: timestamp.nullable(),
  createdAt: timestamp,
  modifiedAt: timestamp,
});
export type Webhook = z.output<typeof webhook>;

const which = { projectId: id, webhookId: id };
const url = storableText.max(2_048);
const description = storableText.max(200).nullable();
const types = z.array(feedType).min(1).nullable();
/** `whsec_…`, shown once. */
const secret = z.string();

/** Makes one. From now on it is sent what happens in the project; up to 20 of a project. */
export const createWebhook = defineMessage({
  subject: 'operations.webhook.create',
  request: z.object({ ...which, url, description, types, actor }),
  response: z.object({ webhook, secret }),
  errors: ['webhook-url-refused', 'too-many-webhooks'],
});

/** All of a project, the newest first. */
export const listWebhooks = defineMessage({ subject: 'operations.webhook.list', request: z.object({ projectId: id }), response: z.object({ webhooks: z.array(webhook) }) });

/** `pending`: deliveries that wait, for their first attempt or another. */
export const getWebhook = defineMessage({ subject: 'operations.webhook.get', request: z.object(which), response: z.object({ webhook, pending: z.number().int() }), errors: ['webhook-not-found'] });

/** Absent: unchanged. One that is enabled again is sent what waited for it, and of what happened meanwhile nothing by itself. */
export const changeWebhook = defineMessage({
  subject: 'operations.webhook.change',
  request: z.object({ ...which, url: url.optional(), description: description.optional(), types: types.optional(), isEnabled: z.boolean().optional(), actor }),
  response: webhook,
  errors: ['webhook-not-found', 'webhook-url-refused'],
});

export const removeWebhook = defineMessage({ subject: 'operations.webhook.remove', request: z.object({ ...which, actor }), response: z.object({}), errors: ['webhook-not-found'] });

/** Makes another secret; for a day the one before signs beside it. */
export const rotateWebhookSecret = defineMessage({ subject: 'operations.webhook.rotate-secret', request: z.object({ ...which, actor }), response: z.object({ webhook, secret }), errors: ['webhook-not-found'] });

/** What came of one attempt. `status` is null where nobody answered; `error` then says why, by a code: `timeout`, `refused-address`, `ECONNREFUSED`. */
const outcome = { status: z.number().int().nullable(), error: z.string().nullable(), durationMs: z.number().int() };

/** Sends an event `rollcall.webhook.test` at once, also to one that is disabled. */
export const testWebhook = defineMessage({ subject: 'operations.webhook.test', request: z.object(which), response: z.object({ isTaken: z.boolean(), ...outcome }), errors: ['webhook-not-found'], deadlineMs: 30_000 });

export const deliveryState = z.enum(['pending', 'delivered', 'failed']);

export const webhookDelivery = z.object({
  deliveryId: id,
  /** The `webhook-id` that is sent, and the `id` of the event. */
  eventId: z.string(),
  position: z.number().int(),
  type: feedType,
  subject: z.string(),
  state: deliveryState,
  attempts: z.number().int(),
  status: z.number().int().nullable(),
  error: z.string().nullable(),
  createdAt: timestamp,
  attemptedAt: timestamp.nullable(),
  /** While it is pending. */
  nextAttemptAt: timestamp.nullable(),
  finishedAt: timestamp.nullable(),
});
export type WebhookDelivery = z.output<typeof webhookDelivery>;

/** What was sent or is to be, the newest event first. */
export const listDeliveries = defineMessage({
  subject: 'operations.webhook-delivery.list',
  request: z.object({ ...which, state: deliveryState.optional(), subject: storableText.max(128).optional(), limit: z.number().int().min(1).max(100), before: z.number().int().positive().optional() }),
  response: z.object({ deliveries: z.array(webhookDelivery), nextBefore: z.number().int().nullable() }),
  errors: ['webhook-not-found'],
});

export const getDelivery = defineMessage({
  subject: 'operations.webhook-delivery.get',
  request: z.object({ ...which, deliveryId: id }),
  response: z.object({ delivery: webhookDelivery, attempts: z.array(z.object({ attempt: z.number().int(), at: timestamp, ...outcome })) }),
  errors: ['webhook-not-found', 'delivery-not-found'],
});

/** Has one sent again, which is finished; one that waits is tried at once. */
export const replayDelivery = defineMessage({ subject: 'operations.webhook-delivery.replay', request: z.object({ ...which, deliveryId: id, actor }), response: webhookDelivery, errors: ['webhook-not-found', 'delivery-not-found'] });

/** Has everything sent, or sent again, that happened in a span of time and that the webhook is for. `onlyFailed`: what was given up. */
export const replayDeliveries = defineMessage({
  subject: 'operations.webhook-delivery.replay-since',
  request: z.object({ ...which, from: timestamp, to: timestamp.optional(), onlyFailed: z.boolean(), actor }),
  response: z.object({ queued: z.number().int() }),
  errors: ['webhook-not-found', 'replay-too-large'],
  deadlineMs: 15_000,
});
