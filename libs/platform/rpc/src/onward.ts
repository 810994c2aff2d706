import type { CallContext } from '#libs/platform/messages';

/**
 * What of a context goes along with a call. An idempotency key counts for the message as which the request was sent, and
 * not for what its handler asks of others: that may be taken back without them.
 */
export function onward({ deadlineAt: _, ...context }: CallContext): Omit<CallContext, 'deadlineAt'> {
  if (context.idempotency?.subject === undefined) return context;
  const { idempotency: __, ...rest } = context;
  return rest;
}
