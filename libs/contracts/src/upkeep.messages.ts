import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';

/** How many of what a piece of work was done to: `{"released": 2}`. Names only of our own. */
export const workCounts = z.record(z.string(), z.number().int().nonnegative());
export type WorkCounts = z.output<typeof workCounts>;

/**
 * A part of the work that a service's tables need from time to time; the schedules of the workers ask for it under the same
 * name. It goes on for `budgetMs` at most, and says `more` when there is something left. Any number at once is harmless.
 */
function upkeepMessage<const Task extends readonly [string, ...string[]]>(service: string, tasks: Task) {
  return {
    tasks,
    run: defineMessage({
      subject: `${service}.upkeep.run`,
      request: z.object({ task: z.enum(tasks), budgetMs: z.number().int().min(1).max(10_000) }),
      response: z.object({ counts: workCounts, more: z.boolean() }),
      deadlineMs: 30_000, // the budget is looked at between statements, each of which has 15 s
    }),
  };
}

export const upkeepSources = {
  identity: upkeepMessage('identity', ['finish-registrations', 'sweep-logins', 'rotate-signing-keys', 'clear-deleted-places', 'trim-identity']),
  profiles: upkeepMessage('profiles', ['refresh-segments', 'compute-activity', 'finish-field-sweeps', 'make-event-partitions', 'retain-events', 'clear-deleted-projects', 'trim-profiles']),
  membership: upkeepMessage('membership', ['refresh-directory', 'expire-invitations', 'trim-membership']),
};
