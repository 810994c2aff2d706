import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';

/** What became of a table or partition, and how many changes it had seen by then. */
const treated = z.object({ outcome: z.enum(['rewritten', 'unchanged', 'too-large', 'busy', 'not-permitted']), mark: z.string() });

/**
 * Removes what erased users have left in the files of a service's tables with personal data. `since` has the marks of the last time: a
 * large table that has seen no change is left as it is. Idempotent, and slow: tables are written anew.
 */
function removeDeadRowsOf(service: string) {
  return defineMessage({
    subject: `${service}.dead-rows.remove`,
    request: z.object({ since: z.record(z.string(), z.string()), largestBytes: z.number().int().positive() }),
    response: z.object({ tables: z.record(z.string(), treated) }),
    deadlineMs: 600_000,
  });
}

/** Every service with personal data, but for the workers, who ask. */
export const deadRowsOwners = {
  identity: removeDeadRowsOf('identity'),
  profiles: removeDeadRowsOf('profiles'),
  membership: removeDeadRowsOf('membership'),
};
