import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, realmId, timestamp } from '../values.js';
import { receiptText } from './receipt.messages.js';
import { userAddress } from '../profiles/user.messages.js';

/** As of every job. An erasure never is `failed`: it is tried until it is done. */
export const erasureState = z.enum(['scheduled', 'running', 'done', 'failed']);

/** Who holds something about users; `operations` are the workers themselves. */
export const erasureServices = ['profiles', 'identity', 'membership', 'operations'] as const;
export type ErasureService = (typeof erasureServices)[number];

/** How far an erasure has come in one service. */
export const erasurePart = z.object({ service: z.enum(erasureServices), state: z.enum(['scheduled', 'running', 'done']), attempts: z.number().int(), finishedAt: timestamp.nullable() });
export type ErasurePart = z.output<typeof erasurePart>;

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

/**
 * Schedules an erasure of users whom profiles has hidden already, as in a merge, so that it can be looked at from the answer on. Profiles' event does the
 * same a moment later, whatever becomes of this.
 */
export const takeUpErasure = defineMessage({
  subject: 'operations.erasure.take-up',
  request: z.object({ realmId, erasureId: id, userIds: z.array(id).min(1).max(1_000), requestedBy: z.string().max(64), requestedByType: actor.shape.type }),
  response: z.object({}),
});

/** Of one realm, or, for a caller who goes on to ask whose it is, of any. */
export const getErasure = defineMessage({
  subject: 'operations.erasure.get',
  request: z.object({ realmId: realmId.optional(), jobId: id }),
  response: z.object({
    jobId: id,
    realmId,
    /** Whose staff they were; none of users of a project. */
    organisationIds: z.array(id),
    state: erasureState,
    users: z.number().int(),
    requestedAt: timestamp,
    finishedAt: timestamp.nullable(),
    services: z.array(erasurePart),
    /** Once it is done. */
    receipt: receiptText.nullable(),
    /** Once the bytes are gone from the disk, which is later. */
    removal: receiptText.nullable(),
  }),
  errors: ['job-not-found'],
});
