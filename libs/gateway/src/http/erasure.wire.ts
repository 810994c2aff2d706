import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { operations } from '#libs/contracts';
import type { ResponseOf } from '#libs/platform/messages';
import { erasureReceipt, removalReceipt, type ErasureReceipt, type Receipt, type RemovalReceipt } from '#libs/platform/receipts';

/** How far an erasure has come, as the surfaces of projects show it. */
export const erasureJob = z.object({ job_id: z.string(), state: operations.erasureState, receipt: erasureReceipt.optional(), removal_receipt: removalReceipt.optional() });

/** What is said of `tellJob` in the documentation of a route. */
export const jobHeader = '`X-Rollcall-Job-Id` is the job that erases what there is of the user';

/** Names the job of an erasure where the body of the answer has no place for it. */
export function tellJob(reply: FastifyReply, jobId: string | null): void {
  if (jobId !== null) void reply.header('x-rollcall-job-id', jobId);
}

/**
 * A receipt as it was kept, in an answer: parsed and written again, its members keep their order, and so the answer has the
 * same bytes where the receipt stands. It is never parsed by its schema, which would leave out what it does not know.
 */
export function receiptOf<R extends Receipt>(text: string): R {
  return JSON.parse(text) as R;
}

export function toErasureJob({ jobId, state, receipt, removal }: ResponseOf<typeof operations.getErasure>): z.input<typeof erasureJob> {
  return {
    job_id: jobId,
    state,
    ...(receipt === null ? {} : { receipt: receiptOf<ErasureReceipt>(receipt) }),
    ...(removal === null ? {} : { removal_receipt: receiptOf<RemovalReceipt>(removal) }),
  };
}
