import { Injectable } from '@nestjs/common';
import { Database, GroupCommit } from '#libs/platform/database';
import { writeClaimedEvents } from './claimed-events.js';
import type { EventWrite, EventWritten } from './event-group.js';
import { EventTools } from './event-tools.js';

/** Writes tracked events, single ones and those of batches alike, those that arrive together in one transaction. */
@Injectable()
export class EventWriter {
  private readonly commits: GroupCommit<EventWrite, EventWritten>;

  constructor(database: Database, tools: EventTools) {
    this.commits = new GroupCommit((writes) => database.withTransaction((tx) => writeClaimedEvents(tx, tools, writes)));
  }

  /** @throws Failure the event's own, or `service-unavailable` */
  write(write: EventWrite): Promise<EventWritten> {
    return this.commits.submit(write, write.context.deadlineAt);
  }
}
