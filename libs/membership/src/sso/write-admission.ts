import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import type { Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext } from '#libs/platform/messages';
import { InviteesRepository } from '../invitations/invitees.repository.js';
import { WriteAcceptance } from '../invitations/write-acceptance.js';
import { MembersRepository } from '../roles/members.repository.js';
import { DeletedStaffRepository } from '../staff/deleted-staff.repository.js';

/** What a login by single sign-on changes in the organisation: open invitations are accepted, newcomers join where they may. */
@Injectable()
export class WriteAdmission {
  constructor(
    private readonly members: MembersRepository,
    private readonly invitees: InviteesRepository,
    private readonly acceptance: WriteAcceptance,
    private readonly outbox: Outbox,
    private readonly deleted: DeletedStaffRepository,
  ) {}

  /**
   * @returns whether it changed anything
   * @throws Failure `user-not-found` for one who is being erased
   */
  async write(tx: Transaction, userId: string, { organisationId, autoJoin }: { organisationId: string; autoJoin: boolean }, context: CallContext): Promise<boolean> {
    if (!(await this.members.lock(tx, userId))) throw membership.membershipErrors.failure('user-not-found', 'This person is being erased.');
    // Whoever is deleted comes back by being restored, or invited.
    if (await this.deleted.isDeleted(tx, userId)) return false;
    // A deactivated person's invitations wait until they are activated: accepting is not how they come back.
    if ((await this.invitees.statusIn(tx, organisationId, userId)) === 'inactive') return false;
    if ((await this.acceptance.writeAllIn(tx, organisationId, userId, context)) > 0) return true;
    if (!autoJoin || !(await this.invitees.join(tx, organisationId, userId))) return false;
    await this.outbox.append(tx, context, event(membership.rolesChanged, { userId, version: await this.members.bump(tx, userId) }));
    const actor = { type: 'user', id: userId } as const;
    await auditTrail.append(tx, context, { actor, action: 'member.joined', target: { type: 'user', id: userId }, organisationId, after: ['role:member'] });
    return true;
  }
}
