import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';

/** How many of what a piece of work was done to: `{"released": 2}`. Names only of our own. */
export const workCounts = z.record(z.string(), z.number().int().nonnegative());
export type WorkCounts = z.output<typeof workCounts>;

/**
 * A part of the work that a service's tables need from time to time; the schedules of the workers ask for it under the same
 * name. Time is up after `budgetMs`, and it says `more` when there is something left. A task is done in one step at a time, in all
 * replicas: whoever asks while one goes on waits for it, and for so long only that there is an answer, which says `more`.
 */
function upkeepMessage<const Task extends readonly [string, ...string[]]>(service: string, tasks: Task) {
  return {
    tasks,
    run: defineMessage({
      subject: `${service}.upkeep.run`,
      request: z.object({ task: z.enum(tasks), budgetMs: z.number().int().min(1).max(10_000) }),
      response: z.object({ counts: workCounts, more: z.boolean() }),
      deadlineMs: 30_000, // longer than a step is waited for (`UpkeepTuning`)
    }),
  };
}

export const upkeepSources = {
  identity: upkeepMessage('identity', ['finish-registrations', 'sweep-logins', 'rotate-signing-keys', 'clear-deleted-places', 'trim-identity']),
  profiles: upkeepMessage('profiles', ['refresh-segments', 'compute-activity', 'finish-field-sweeps', 'make-event-partitions', 'retain-events', 'clear-deleted-projects', 'trim-profiles']),
  membership: upkeepMessage('membership', ['refresh-directory', 'expire-invitations', 'trim-membership']),
};
