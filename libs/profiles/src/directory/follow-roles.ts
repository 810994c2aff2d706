import { Injectable } from '@nestjs/common';
import { membership, staffRealmId } from '#libs/contracts';
import { askedTogether, Database } from '#libs/platform/database';
import { EventConsumers } from '#libs/platform/events';
import { RpcClient } from '#libs/platform/rpc';
import { ApplyRoles, type RoleState } from './apply-roles.js';
import { DirectoryRepository } from './directory.repository.js';
import { StatesByEvent } from './states-by-event.js';
import { TakeStates } from './take-states.js';

/** Repairs our copy of roles where membership could not hand over a change within the request that made it. */
@Injectable()
export class FollowRoles {
  constructor(consumers: EventConsumers, database: Database, rpc: RpcClient, directory: DirectoryRepository, applyRoles: ApplyRoles, takeStates: TakeStates) {
    const states = new StatesByEvent<RoleState>((tx, realmId, users) => applyRoles.execute(tx, realmId, users));
    const homeOf = askedTogether((userIds: readonly string[]) => directory.homesOf(database, userIds));
    consumers.on('directory', membership.rolesChanged, async ({ id, data: { userId, version }, requestId }, commit) => {
      // The event is about any role anywhere; we keep those that users have in the project that is their home.
      await takeStates.settled(userId);
      const home = await homeOf(userId);
      if (home === undefined || home.realmId === staffRealmId || home.membershipVersion >= version) return;
      const context = { requestId };
      const { users } = await rpc.call(membership.describeProjectRoles, { projectId: home.realmId, userIds: [userId] }, context);
      await states.commit(id, { realmId: home.realmId, users, context }, commit);
    });
  }
}
