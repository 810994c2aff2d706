import { Injectable } from '@nestjs/common';
import type { upkeepSources } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { trimInbox, trimOutbox } from '#libs/platform/events';
import { trimIdempotencyKeys } from '#libs/platform/idempotency';
import type { StepClock, StepOutcome } from '#libs/platform/upkeep';
import { ActivityRuns } from '../activity/activity-runs.js';
import { ensureEventPartitions } from '../events/ensure-event-partitions.js';
import { RetainEvents } from '../events/retain-events.js';
import { realmDaysRepository } from '../figures/realm-days.repository.js';
import { FinishSweeps } from '../fields/finish-sweeps.js';
import { ClearRealms } from '../realms/clear-realms.js';
import { SegmentRuns } from '../segments/segment-runs.js';

/** What the tables of this service need from time to time, done when a schedule of the workers asks for it. */
@Injectable()
export class Upkeep {
  constructor(
    private readonly database: Database,
    private readonly segments: SegmentRuns,
    private readonly activity: ActivityRuns,
    private readonly fields: FinishSweeps,
    private readonly events: RetainEvents,
    private readonly realms: ClearRealms,
  ) {}

  async execute(task: (typeof upkeepSources.profiles.tasks)[number], { timeIsUp, mustStop }: StepClock): Promise<StepOutcome> {
    switch (task) {
      case 'refresh-segments':
        return counted('steps', await this.segments.execute(timeIsUp));
      case 'compute-activity':
        return counted('steps', await this.activity.execute(timeIsUp));
      case 'finish-field-sweeps':
        return counted('fields', await this.fields.execute({ timeIsUp, mustStop }));
      case 'make-event-partitions':
        return { counts: { partitions: (await this.database.withTransaction((tx) => ensureEventPartitions((text) => tx.query(text)))).length }, more: false };
      case 'retain-events': {
        const { deleted, dropped, more } = await this.events.execute({ requestId: 'retain-events' }, timeIsUp);
        return { counts: { events: deleted, partitions: dropped.length }, more };
      }
      case 'clear-deleted-projects':
        return this.realms.execute(timeIsUp);
      case 'trim-profiles':
        return { counts: { figures: await this.database.withTransaction((tx) => realmDaysRepository.keepTotals(tx)), outbox: await trimOutbox(this.database, timeIsUp), inbox: await trimInbox(this.database, timeIsUp), idempotencyKeys: await trimIdempotencyKeys(this.database, timeIsUp) }, more: timeIsUp() };
    }
  }
}

function counted(what: string, { done, more }: { done: number; more: boolean }): StepOutcome {
  return { counts: { [what]: done }, more };
}
