import { Injectable } from '@nestjs/common';
import { upkeepSources, type WorkCounts } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { ScheduledWork, type Work } from './scheduled-work.js';

const budgetMs = 5_000;
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

type Sources = typeof upkeepSources;
type TaskOf<S extends keyof Sources> = Sources[S]['tasks'][number];

/** How often each task of a service is done, and what it does. */
const identityTasks: Record<TaskOf<'identity'>, [everyMs: number, does: string]> = {
  'finish-registrations': [10 * second, 'Finishes registrations that were broken off, or releases their names'],
  'sweep-logins': [10 * second, 'Clears away expired sessions, tokens, throttles and logins that were begun and never finished'],
  'rotate-signing-keys': [minute, 'Makes a new signing key when the newest is old, and drops keys whose last token has expired'],
  'clear-deleted-places': [5 * second, 'Clears keys, sessions and logins of projects and organisations that were deleted'],
  'trim-identity': [hour, 'Trims the outbox, the inbox and the idempotency keys of identity'],
};
const profilesTasks: Record<TaskOf<'profiles'>, [everyMs: number, does: string]> = {
  'refresh-segments': [5 * second, 'Computes members of segments that are new, were changed, or count days'],
  'compute-activity': [5 * second, 'Computes first and last times of events that were marked'],
  'finish-field-sweeps': [15 * second, 'Finishes removals and conversions of custom fields that a process left'],
  'make-event-partitions': [hour, 'Makes the partitions of tracked events for the months ahead'],
  'retain-events': [hour, 'Deletes tracked events that are older than their project keeps them, and empty partitions'],
  'clear-deleted-projects': [5 * second, 'Has the users of deleted projects erased, and clears what the projects had set up'],
  'trim-profiles': [hour, 'Trims the outbox, the inbox and the idempotency keys of profiles'],
};
const membershipTasks: Record<TaskOf<'membership'>, [everyMs: number, does: string]> = {
  'refresh-directory': [30 * second, 'Asks for names of staff that membership does not know yet'],
  'expire-invitations': [minute, 'Closes invitations whose term is over'],
  'trim-membership': [hour, 'Trims the outbox, the inbox and the idempotency keys of membership'],
};

/** The work that the other services' tables need: each does its own, when it is told. */
@Injectable()
export class ServiceUpkeepJobs {
  constructor(
    private readonly scheduled: ScheduledWork,
    private readonly rpc: RpcClient,
  ) {
    for (const task of upkeepSources.identity.tasks) this.add(task, identityTasks[task], (context) => this.rpc.call(upkeepSources.identity.run, { task, budgetMs }, context));
    for (const task of upkeepSources.profiles.tasks) this.add(task, profilesTasks[task], (context) => this.rpc.call(upkeepSources.profiles.run, { task, budgetMs }, context));
    for (const task of upkeepSources.membership.tasks) this.add(task, membershipTasks[task], (context) => this.rpc.call(upkeepSources.membership.run, { task, budgetMs }, context));
  }

  private add(name: string, [everyMs, does]: [number, string], step: (context: Parameters<Work>[0]) => Promise<{ counts: WorkCounts; more: boolean }>): void {
    this.scheduled.add({ name, everyMs, does }, async (context, signal) => {
      const sum: Record<string, number> = {};
      for (let more = true; more; ) {
        signal.throwIfAborted();
        const { counts, ...rest } = await step(context);
        for (const [what, count] of Object.entries(counts)) sum[what] = (sum[what] ?? 0) + count;
        ({ more } = rest);
      }
      return sum;
    });
  }
}
