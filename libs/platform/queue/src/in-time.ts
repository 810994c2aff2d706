import { platformErrors } from '#libs/platform/errors';
import type { QueueBackend } from './queue-backend.js';
import type { QueueTuning } from './queue-tuning.js';

/**
 * Asks something of the store, which else would let its callers wait until it is back.
 * @throws Failure `service-unavailable` when the store is out of reach or does not answer in time
 */
export async function inTime<T>(backend: QueueBackend, work: () => Promise<T>, tuning: QueueTuning): Promise<T> {
  if (!backend.available) throw unavailable();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), tuning.addTimeoutMs);
  });
  try {
    return await Promise.race([work(), late]);
  } catch (error) {
    throw unavailable(error);
  } finally {
    clearTimeout(timer);
  }
}

function unavailable(cause?: unknown) {
  return platformErrors.failure('service-unavailable', 'The job queue is out of reach.', { retryAfter: 1, cause });
}
