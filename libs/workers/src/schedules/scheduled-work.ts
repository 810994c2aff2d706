import { Injectable } from '@nestjs/common';
import type { WorkCounts } from '#libs/contracts';
import type { CallContext } from '#libs/platform/messages';
import { Jobs, type Schedule } from '#libs/platform/queue';
import { RunSchedule } from './run-schedule.js';

/**
 * What is done at each run. It may be done again after any of its steps, and beside itself; work that takes long looks at
 * the signal between its steps, and throws when it is aborted.
 * @returns how many of what it did
 */
export type Work = (context: CallContext, signal: AbortSignal) => Promise<WorkCounts>;

export interface ScheduleDefinition extends Schedule {
  /** One sentence, for administrators. */
  does: string;
}

/** Every schedule of the deployment is declared here: it runs on one replica at a time, and leaves behind what it did. */
@Injectable()
export class ScheduledWork {
  private readonly definitions = new Map<string, ScheduleDefinition>();

  constructor(
    private readonly jobs: Jobs,
    private readonly runSchedule: RunSchedule,
  ) {}

  add(definition: ScheduleDefinition, work: Work): void {
    this.definitions.set(definition.name, definition);
    this.jobs.schedule(definition, (run) => this.runSchedule.run(definition, run, work));
  }

  /** By name. */
  all(): ScheduleDefinition[] {
    return [...this.definitions.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  get(name: string): ScheduleDefinition | undefined {
    return this.definitions.get(name);
  }
}
