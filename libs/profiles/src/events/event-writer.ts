import { Injectable } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { Outbox } from '#libs/platform/events';
import { Idempotency } from '#libs/platform/idempotency';
import { GroupCommit } from '../commits/group-commit.js';
import { TombstoneKeys } from '../erasure/tombstone-keys.js';
import { TombstonesRepository } from '../erasure/tombstones.repository.js';
import { writeClaimedEvents } from './claimed-events.js';
import type { EventTools, EventWrite, EventWritten } from './event-group.js';
import { EventsRepository } from './events.repository.js';

/** Writes tracked events, single ones and those of batches alike, those that arrive together in one transaction. */
@Injectable()
export class EventWriter {
  private readonly commits: GroupCommit<EventWrite, EventWritten>;

  constructor(database: Database, events: EventsRepository, tombstones: TombstonesRepository, keys: TombstoneKeys, outbox: Outbox, idempotency: Idempotency) {
    const tools: EventTools = { events, tombstones, keys, outbox, idempotency };
    this.commits = new GroupCommit((writes) => database.withTransaction((tx) => writeClaimedEvents(tx, tools, writes)));
  }

  /** @throws Failure the event's own, or `service-unavailable` */
  write(write: EventWrite): Promise<EventWritten> {
    return this.commits.submit(write, write.context.deadlineAt);
  }
}
