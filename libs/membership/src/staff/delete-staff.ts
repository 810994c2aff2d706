import { Injectable } from '@nestjs/common';
import { identity, membership, staffRealmId } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database, type Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { DeletedStaffRepository } from './deleted-staff.repository.js';
import { userNotFound } from './find-staff.js';
import { LastAdministrators } from './last-administrators.js';
import { StaffAuthority } from './staff-authority.js';

type Request = RequestOf<typeof membership.deleteStaff>;

/** Deletes staff so that they can be restored, and restores them. */
@Injectable()
export class DeleteStaff {
  constructor(
    private readonly database: Database,
    private readonly authority: StaffAuthority,
    private readonly last: LastAdministrators,
    private readonly deleted: DeletedStaffRepository,
    private readonly outbox: Outbox,
    private readonly rpc: RpcClient,
  ) {}

  /** Answers once the login is refused; trying again after a failure is harmless. */
  async delete(request: Request, context: CallContext): Promise<void> {
    await this.change(request, true, context, async (tx) => {
      await this.last.mustNotBe(tx, request.userId);
      await this.deleted.remove(tx, request.userId, request.actor.id);
    });
  }

  async restore(request: Request, context: CallContext): Promise<void> {
    await this.change(request, false, context, (tx) => this.deleted.restore(tx, request.userId));
  }

  private async change({ userId, viewer, actor }: Request, suspended: boolean, context: CallContext, write: (tx: Transaction) => Promise<void>): Promise<void> {
    await this.database.withTransaction(async (tx) => {
      const present = await this.deleted.lock(tx, userId, viewer.kind === 'user' ? viewer.userId : undefined);
      if (present === undefined) throw userNotFound();
      await this.authority.mayChange(tx, userId, viewer, 'delete');
      if (present === suspended) return;
      await write(tx);
      await auditTrail.append(tx, context, { actor, action: suspended ? 'user.deleted' : 'user.restored', target: { type: 'user', id: userId }, ...(await this.last.homeOf(tx, userId)) });
      await this.last.tell(tx, userId, context);
      await this.outbox.append(tx, context, event(membership.staffDeleted, { userId }));
    });
    await this.rpc.call(identity.suspendLogin, { realmId: staffRealmId, userId, suspended }, context);
  }
}
