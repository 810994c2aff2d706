import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, realmId, tableCounts, timestamp } from '../values.js';
import { userAddress } from '../profiles/user.messages.js';

/**
 * What was erased where and when, at whose request. Holds no uid, name or email: counts only.
 * `services` has one entry per service; `remains` is what a second look found, all zero when the erasure is done.
 */
export const erasureReceipt = z.object({
  erasureId: id,
  projectId: id,
  requestedBy: z.string(),
  requestedAt: timestamp,
  finishedAt: timestamp,
  users: z.number().int(),
  services: z.record(z.string(), z.object({ erased: tableCounts, remains: tableCounts })),
});
export type ErasureReceipt = z.output<typeof erasureReceipt>;

/** As of every job. An erasure never is `failed`: it is tried until it is done. */
export const erasureState = z.enum(['scheduled', 'running', 'done', 'failed']);

/**
 * Hides the users in every service, then schedules their erasure. Answers once all three have committed;
 * `service-unavailable` when one is out of reach, and asking again is harmless.
 */
export const requestErasure = defineMessage({
  subject: 'operations.erasure.request',
  request: z.object({ realmId, erasureId: id, users: z.array(userAddress).min(1).max(1_000), requestedBy: z.string().max(64), requestedByType: actor.shape.type.default('credential') }),
  /** One answer per asked user, in order: whether they are now scheduled. `jobId` is null when nobody is. */
  response: z.object({ scheduled: z.array(z.boolean()), jobId: id.nullable() }),
  deadlineMs: 15_000,
});

export const getErasure = defineMessage({
  subject: 'operations.erasure.get',
  request: z.object({ realmId, jobId: id }),
  response: z.object({ jobId: id, state: erasureState, receipt: erasureReceipt.nullable() }),
  errors: ['job-not-found'],
});
