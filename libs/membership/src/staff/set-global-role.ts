import { Injectable } from '@nestjs/common';
import { membership, type Actor } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import type { Transaction } from '#libs/platform/database';
import type { CallContext } from '#libs/platform/messages';
import { GrantsRepository } from '../roles/grants.repository.js';
import { DeletedStaffRepository } from './deleted-staff.repository.js';
import { Departures } from './departures.js';
import { FindStaff, userNotFound } from './find-staff.js';
import { LastAdministrators } from './last-administrators.js';

@Injectable()
export class SetGlobalRole {
  constructor(
    private readonly findStaff: FindStaff,
    private readonly grants: GrantsRepository,
    private readonly deleted: DeletedStaffRepository,
    private readonly last: LastAdministrators,
    private readonly departures: Departures,
  ) {}

  /** Makes somebody a super administrator, or no longer (null). */
  async within(tx: Transaction, { userId, role, viewer, actor }: { userId: string; role: 'super_admin' | null; viewer: membership.Viewer; actor: Actor }, context: CallContext): Promise<void> {
    if ((await this.deleted.lock(tx, userId, viewer.kind === 'user' ? viewer.userId : undefined)) !== false) throw userNotFound();
    await this.findStaff.get(userId, viewer, tx);
    if (!(await this.findStaff.reachOf(viewer, tx)).everything) throw membership.membershipErrors.failure('permission-missing', 'Only super administrators make and unmake super administrators.');
    if (role === null) await this.last.mustNotBeLastSuperAdmin(tx, userId);
    const changed = role === null ? await this.deleted.takeGlobalRole(tx, userId) : await this.grants.inDeployment(tx, userId, role, actor.id);
    if (!changed) return;
    await auditTrail.append(tx, context, { actor, action: role === null ? 'role.revoked' : 'role.granted', target: { type: 'user', id: userId }, [role === null ? 'before' : 'after']: ['role:super_admin'] });
    await this.last.tell(tx, userId, context);
    if (role === null) await this.departures.within(tx, [userId], { actor, organisationId: null }, context);
  }
}
