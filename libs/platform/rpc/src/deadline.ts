import { platformErrors } from '#libs/platform/errors';
import type { AnyMessage, CallContext } from '#libs/platform/messages';

/** Milliseconds this call may still take. */
export function remainingMs(message: AnyMessage, context: CallContext, defaultMs: number): number {
  const own = message.deadlineMs ?? defaultMs;
  return context.deadlineAt === undefined ? own : Math.min(own, context.deadlineAt - Date.now());
}

export function unavailable(message: AnyMessage, reason: string, cause?: unknown) {
  return platformErrors.failure('service-unavailable', `The ${message.subject.split('.')[0]} service ${reason}.`, { retryAfter: 1, cause });
}

/** Settles as `work` does, or fails with `service-unavailable` after `ms`. */
export function withDeadline<T>(work: Promise<T>, ms: number, message: AnyMessage): Promise<T> {
  if (ms <= 0) {
    work.catch(() => undefined); // nobody waits for it any more
    return Promise.reject(unavailable(message, 'did not answer in time'));
  }
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => reject(unavailable(message, 'did not answer in time')), ms);
    work.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
