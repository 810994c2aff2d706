import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf, ResponseOf } from '#libs/platform/messages';
import { GroupCommit } from '../commits/group-commit.js';
import { TombstoneKeys } from '../erasure/tombstone-keys.js';
import { TombstonesRepository } from '../erasure/tombstones.repository.js';
import { checkEvent } from './check-event.js';
import { writeEventGroup, type EventTools, type EventWrite, type EventWritten } from './event-group.js';
import { EventsRepository } from './events.repository.js';

/** Stores something a user did, once, however often it is told. Events that arrive together are written in one transaction. */
@Injectable()
export class TrackEvent {
  private readonly commits: GroupCommit<EventWrite, EventWritten>;

  constructor(database: Database, events: EventsRepository, tombstones: TombstonesRepository, keys: TombstoneKeys, outbox: Outbox) {
    const tools: EventTools = { events, tombstones, keys, outbox };
    this.commits = new GroupCommit((writes) => database.withTransaction((tx) => writeEventGroup(tx, tools, writes)));
  }

  async execute({ realmId, user, event }: RequestOf<typeof profiles.trackEvent>, context: CallContext): Promise<ResponseOf<typeof profiles.trackEvent>> {
    return this.commits.submit({ realmId, user, event: checkEvent(event), context }, context.deadlineAt);
  }
}
