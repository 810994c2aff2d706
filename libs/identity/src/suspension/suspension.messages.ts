import { Injectable } from '@nestjs/common';
import { identity, membership, staffRealmId } from '#libs/contracts';
import { EventConsumers } from '#libs/platform/events';
import { Handles, RpcClient, type HandlerArguments } from '#libs/platform/rpc';
import { SuspendLogin } from './suspend-login.js';

/** Staff are deleted and restored in membership, which asks us; its event repeats that, for when the question was lost. */
@Injectable()
export class SuspensionMessages {
  constructor(
    consumers: EventConsumers,
    rpc: RpcClient,
    private readonly suspendLogin: SuspendLogin,
  ) {
    consumers.on('suspension', membership.staffDeleted, async ({ data: { userId }, requestId }, commit) => {
      // Not what the event says, but what is true now: two events may come in any order.
      const { deleted } = await rpc.call(membership.isStaffDeleted, { userId }, { requestId });
      await suspendLogin.execute({ realmId: staffRealmId, userId, suspended: deleted }, { requestId });
      await commit(async () => undefined);
    });
  }

  @Handles(identity.suspendLogin)
  async suspend(...[request, context]: HandlerArguments<typeof identity.suspendLogin>) {
    await this.suspendLogin.execute(request, context);
    return {};
  }
}
