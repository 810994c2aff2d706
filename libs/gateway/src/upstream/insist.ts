import { setTimeout as delay } from 'node:timers/promises';
import { isFailure } from '#libs/platform/errors';

const attempts = 10;

/** Asks up to ten times, a second apart, while a service is out of reach: for what is half done already, and would have to begin anew. */
export async function insist<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!isFailure(error, 'service-unavailable') || attempt === attempts) throw error;
      await delay(1_000);
    }
  }
}
