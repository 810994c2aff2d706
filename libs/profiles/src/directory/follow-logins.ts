import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { askedTogether, Database } from '#libs/platform/database';
import { EventConsumers } from '#libs/platform/events';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { ApplyLoginStates } from './apply-login-states.js';
import { DirectoryRepository, type LoginState } from './directory.repository.js';
import { StatesByEvent } from './states-by-event.js';
import { TakeStates } from './take-states.js';

/** Repairs our copy where identity could not hand over a change within the request that made it. */
@Injectable()
export class FollowLogins {
  constructor(consumers: EventConsumers, database: Database, rpc: RpcClient, directory: DirectoryRepository, applyLoginStates: ApplyLoginStates, takeStates: TakeStates) {
    const states = new StatesByEvent<LoginState>((tx, realmId, users, context) => applyLoginStates.execute(tx, realmId, users, context));
    const versionOf = askedTogether((users: readonly Changed[]) => directory.loginVersions(database, users));
    const stateOf = askedTogether((users: readonly Changed[]) => describe(rpc, users));
    consumers.on('directory', identity.loginChanged, async ({ id, data: { realmId, userId, version, unlisted }, requestId }, commit) => {
      if (unlisted === true) return;
      const changed = { realmId, userId, context: { requestId } };
      await takeStates.settled(userId);
      if ((await versionOf(changed)) >= version) return;
      await states.commit(id, { realmId, users: await stateOf(changed), context: changed.context }, commit);
    });
  }
}

interface Changed {
  realmId: string;
  userId: string;
  context: CallContext;
}

/** What identity says of each; nothing of whom it does not know. */
async function describe(rpc: RpcClient, changed: readonly Changed[]): Promise<LoginState[][]> {
  const realmIds = [...new Set(changed.map(({ realmId }) => realmId))];
  const answers = await Promise.all(realmIds.map((realmId) => {
    const ofRealm = changed.filter((one) => one.realmId === realmId);
    return rpc.call(identity.describeLogins, { realmId, userIds: [...new Set(ofRealm.map(({ userId }) => userId))] }, ofRealm[0]!.context);
  }));
  return changed.map(({ realmId, userId }) => answers[realmIds.indexOf(realmId)]!.users.filter((user) => user.userId === userId.toLowerCase()));
}
