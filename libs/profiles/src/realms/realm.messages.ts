import { Injectable } from '@nestjs/common';
import { membership, profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { EventConsumers } from '#libs/platform/events';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { ClosedRealmsRepository } from './closed-realms.repository.js';

/** What others ask about whole projects, and what happens when one is deleted. */
@Injectable()
export class RealmMessages {
  constructor(
    consumers: EventConsumers,
    private readonly database: Database,
    private readonly realms: ClosedRealmsRepository,
  ) {
    consumers.on('closed-realms', membership.projectDeleted, async ({ data: { projectId, organisationId } }, commit) => {
      await commit((tx) => realms.put(tx, projectId, organisationId));
    });
  }

  @Handles(profiles.describeRealm)
  async describe(...[{ realmId }]: HandlerArguments<typeof profiles.describeRealm>) {
    return this.realms.describe(this.database, realmId);
  }
}
