import { Injectable } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { Outbox } from '#libs/platform/events';
import { SightsRepository } from '../activity/sights.repository.js';
import { GroupCommit } from '../commits/group-commit.js';
import { TombstoneKeys } from '../erasure/tombstone-keys.js';
import { TombstonesRepository } from '../erasure/tombstones.repository.js';
import { writeEventGroup, type EventTools, type EventWrite, type EventWritten } from './event-group.js';
import { EventsRepository } from './events.repository.js';

/** Writes tracked events, single ones and those of batches alike, those that arrive together in one transaction. */
@Injectable()
export class EventWriter {
  private readonly commits: GroupCommit<EventWrite, EventWritten>;

  constructor(database: Database, events: EventsRepository, sights: SightsRepository, tombstones: TombstonesRepository, keys: TombstoneKeys, outbox: Outbox) {
    const tools: EventTools = { events, sights, tombstones, keys, outbox };
    this.commits = new GroupCommit((writes) => database.withTransaction((tx) => writeEventGroup(tx, tools, writes)));
  }

  /** @throws Failure the event's own, or `service-unavailable` */
  write(write: EventWrite): Promise<EventWritten> {
    return this.commits.submit(write, write.context.deadlineAt);
  }
}
