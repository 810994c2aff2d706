import { Injectable } from '@nestjs/common';
import type { upkeepSources, WorkCounts } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { trimInbox, trimOutbox } from '#libs/platform/events';
import { trimIdempotencyKeys } from '#libs/platform/idempotency';
import { ActivityRuns } from '../activity/activity-runs.js';
import { ensureEventPartitions } from '../events/ensure-event-partitions.js';
import { RetainEvents } from '../events/retain-events.js';
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

  /** Goes on for as long as it may, and a step longer. `more`: something may be left. */
  async execute(task: (typeof upkeepSources.profiles.tasks)[number], budgetMs: number): Promise<{ counts: WorkCounts; more: boolean }> {
    const timeIsUp = clock(budgetMs);
    switch (task) {
      case 'refresh-segments':
        return counted('steps', await this.segments.execute(timeIsUp));
      case 'compute-activity':
        return counted('steps', await this.activity.execute(timeIsUp));
      case 'finish-field-sweeps':
        return counted('fields', await this.fields.execute(budgetMs));
      case 'make-event-partitions':
        return { counts: { partitions: (await this.database.withTransaction((tx) => ensureEventPartitions((text) => tx.query(text)))).length }, more: false };
      case 'retain-events': {
        const { deleted, dropped, more } = await this.events.execute({ requestId: 'retain-events' }, timeIsUp);
        return { counts: { events: deleted, partitions: dropped.length }, more };
      }
      case 'clear-deleted-projects':
        return this.realms.execute(budgetMs);
      case 'trim-profiles':
        return { counts: { outbox: await trimOutbox(this.database), inbox: await trimInbox(this.database), idempotencyKeys: await trimIdempotencyKeys(this.database) }, more: false };
    }
  }
}

function clock(budgetMs: number): () => boolean {
  const until = performance.now() + budgetMs;
  return () => performance.now() >= until;
}

function counted(what: string, { done, more }: { done: number; more: boolean }): { counts: WorkCounts; more: boolean } {
  return { counts: { [what]: done }, more };
}
