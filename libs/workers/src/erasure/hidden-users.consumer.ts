import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { EventConsumers } from '#libs/platform/events';
import { ErasuresRepository } from './erasures.repository.js';
import { ScheduleErasure } from './schedule-erasure.js';

/** Takes up erasures whose request died after profiles had hidden the users. Of all others the row is there already. */
@Injectable()
export class HiddenUsersConsumer {
  constructor(consumers: EventConsumers, database: Database, erasures: ErasuresRepository, scheduleErasure: ScheduleErasure) {
    consumers.on('erasure', profiles.usersHidden, async (event, commit) => {
      const { realmId, erasureId, userIds, requestedBy, requestedByType } = event.data;
      const recorded = new Set(await erasures.listUsers(database, realmId, erasureId));
      if (userIds.every((userId) => recorded.has(userId))) return;
      const order = { realmId, erasureId, userIds, requestedBy, requestedByType, requestedAt: event.occurredAt, requestId: event.requestId };
      await scheduleErasure.schedule(order, { requestId: event.requestId }, commit);
    });
  }
}
