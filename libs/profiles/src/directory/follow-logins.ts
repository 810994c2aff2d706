import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { EventConsumers } from '#libs/platform/events';
import { RpcClient } from '#libs/platform/rpc';
import { ApplyLoginStates } from './apply-login-states.js';
import { DirectoryRepository, type LoginState } from './directory.repository.js';
import { StatesByEvent } from './states-by-event.js';

/** Repairs our copy where identity could not hand over a change within the request that made it. */
@Injectable()
export class FollowLogins {
  constructor(consumers: EventConsumers, database: Database, rpc: RpcClient, directory: DirectoryRepository, applyLoginStates: ApplyLoginStates) {
    const states = new StatesByEvent<LoginState>((tx, realmId, users, context) => applyLoginStates.execute(tx, realmId, users, context));
    consumers.on('directory', identity.loginChanged, async ({ id, data: { realmId, userId, version }, requestId }, commit) => {
      if ((await directory.loginVersion(database, realmId, userId)) >= version) return;
      const context = { requestId };
      const { users } = await rpc.call(identity.describeLogins, { realmId, userIds: [userId] }, context);
      await states.commit(id, { realmId, users, context }, commit);
    });
  }
}
