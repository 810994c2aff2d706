import { Injectable } from '@nestjs/common';
import { Database, GroupCommit, type Outcome } from '#libs/platform/database';
import { DayCounts } from '../figures/day-counts.js';
import type { RealmDayCounts } from '../figures/realm-days.repository.js';
import { writeClaimedEvents } from './claimed-events.js';
import type { EventWrite, EventWritten } from './event-group.js';
import { EventTools } from './event-tools.js';

/** Writes tracked events, single ones and those of batches alike, those that arrive together in one transaction. */
@Injectable()
export class EventWriter {
  private readonly commits: GroupCommit<EventWrite, EventWritten>;

  constructor(database: Database, tools: EventTools, counts: DayCounts) {
    const commit = async (writes: readonly EventWrite[], atCommit: () => void): Promise<Outcome<EventWritten>[]> => {
      let counted: RealmDayCounts[] = [];
      const outcomes = await database.withTransaction((tx) => {
        tx.atCommit(atCommit);
        return writeClaimedEvents(tx, tools, writes, (counted = []));
      });
      counts.add(counted);
      return outcomes;
    };
    this.commits = new GroupCommit(commit, { lineOf: ({ realmId, user }) => `${realmId} ${'uid' in user ? user.uid : user.userId}` });
  }

  /** @throws Failure the event's own, or `service-unavailable` */
  write(write: EventWrite): Promise<EventWritten> {
    return this.commits.submit(write, write.context.deadlineAt);
  }

  /** Each for itself, in their order. @returns one outcome per write, in order */
  writeAll(writes: readonly EventWrite[], deadlineAt: number | undefined): Promise<Outcome<EventWritten>[]> {
    return this.commits.submitAll(writes, deadlineAt);
  }
}
