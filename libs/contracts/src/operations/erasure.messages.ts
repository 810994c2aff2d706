import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, realmId } from '../values.js';
import { receiptText } from './receipt.messages.js';
import { userAddress } from '../profiles/user.messages.js';

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
  /** `receipt` once it is done; `removal` once the bytes are gone from the disk, which is later. */
  response: z.object({ jobId: id, state: erasureState, receipt: receiptText.nullable(), removal: receiptText.nullable() }),
  errors: ['job-not-found'],
});
