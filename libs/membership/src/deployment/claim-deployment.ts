import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { GrantsRepository } from '../roles/grants.repository.js';
import { MembersRepository } from '../roles/members.repository.js';

@Injectable()
export class ClaimDeployment {
  constructor(
    private readonly database: Database,
    private readonly members: MembersRepository,
    private readonly grants: GrantsRepository,
    private readonly outbox: Outbox,
  ) {}

  async claim({ userId, actor }: RequestOf<typeof membership.claimDeployment>, context: CallContext): Promise<void> {
    await this.database.withTransaction(async (tx) => {
      if (!(await this.members.lock(tx, userId))) throw membership.membershipErrors.failure('user-not-found', 'There is no such user.');
      await this.grants.lockDeployment(tx);
      const holders = await this.grants.superAdmins(tx);
      if (holders.includes(userId)) return;
      if (holders.length > 0) throw membership.membershipErrors.failure('deployment-claimed', 'The deployment has a super_admin already.');
      await this.grants.inDeployment(tx, userId, 'super_admin', actor.id);
      await this.outbox.append(tx, context, event(membership.rolesChanged, { userId, version: await this.members.bump(tx, userId) }));
      await auditTrail.append(tx, context, { actor, action: 'role.granted', target: { type: 'user', id: userId }, after: ['role:super_admin'] });
    });
  }
}
