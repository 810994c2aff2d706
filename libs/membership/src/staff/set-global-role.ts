import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { GrantsRepository } from '../roles/grants.repository.js';
import { DeletedStaffRepository } from './deleted-staff.repository.js';
import { Departures } from './departures.js';
import { FindStaff, userNotFound } from './find-staff.js';
import { LastAdministrators } from './last-administrators.js';

@Injectable()
export class SetGlobalRole {
  constructor(
    private readonly database: Database,
    private readonly findStaff: FindStaff,
    private readonly grants: GrantsRepository,
    private readonly deleted: DeletedStaffRepository,
    private readonly last: LastAdministrators,
    private readonly departures: Departures,
  ) {}

  /** @returns whether that is a change */
  async set({ userId, role, viewer, actor }: RequestOf<typeof membership.setGlobalRole>, context: CallContext): Promise<boolean> {
    return this.database.withTransaction(async (tx) => {
      if ((await this.deleted.lock(tx, userId)) !== false) throw userNotFound();
      await this.findStaff.get(userId, viewer, tx);
      if (!(await this.findStaff.reachOf(viewer, tx)).everything) throw membership.membershipErrors.failure('permission-missing', 'Only super administrators make and unmake super administrators.');
      if (role === null) await this.last.mustNotBeLastSuperAdmin(tx, userId);
      const changed = role === null ? await this.deleted.takeGlobalRole(tx, userId) : await this.grants.inDeployment(tx, userId, role, actor.id);
      if (!changed) return false;
      await auditTrail.append(tx, context, { actor, action: role === null ? 'role.revoked' : 'role.granted', target: { type: 'user', id: userId }, [role === null ? 'before' : 'after']: ['role:super_admin'] });
      await this.last.tell(tx, userId, context);
      if (role === null) await this.departures.within(tx, [userId], { actor, organisationId: null }, context);
      return true;
    });
  }
}
