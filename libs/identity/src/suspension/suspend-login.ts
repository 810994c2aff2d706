import { Injectable } from '@nestjs/common';
import { membership, staffRealmId, type identity } from '#libs/contracts';
import { Database, sql } from '#libs/platform/database';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { sessionsRepository } from '../sessions/sessions.repository.js';

const suspend = sql('logins.suspend', 'UPDATE logins SET suspended = $3 WHERE realm_id = $1 AND user_id = $2 AND suspended <> $3');

@Injectable()
export class SuspendLogin {
  constructor(
    private readonly database: Database,
    private readonly rpc: RpcClient,
  ) {}

  /** @param request of staff, what membership said last: in the end it is what is true, however many write at once */
  async execute({ realmId, userId, suspended }: RequestOf<typeof identity.suspendLogin>, context: CallContext): Promise<void> {
    await this.write(realmId, userId, suspended);
    // Of others, nobody is deleted so that they can be restored.
    if (realmId !== staffRealmId) return;
    // Asked after the write: who is restored, or deleted, while we were at it may have been written down before us. Whoever writes last has asked since.
    const { deleted } = await this.rpc.call(membership.isStaffDeleted, { userId }, context);
    if (deleted !== suspended) await this.execute({ realmId, userId, suspended: deleted }, context);
  }

  private async write(realmId: string, userId: string, suspended: boolean): Promise<void> {
    await this.database.withTransaction(async (tx) => {
      // First the row: a login that is under way waits for it, and finds it suspended.
      await tx.execute(suspend, [realmId, userId, suspended]);
      if (suspended) await sessionsRepository.endOfUsers(tx, realmId, [userId], 'deleted');
    });
  }
}
