import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import type { Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext } from '#libs/platform/messages';
import { GrantsRepository } from '../roles/grants.repository.js';
import { MembersRepository } from '../roles/members.repository.js';
import { acceptable } from './acceptable.js';
import { InvitationsRepository, type StoredInvitation } from './invitations.repository.js';
import { InviteesRepository } from './invitees.repository.js';
import { auditOf } from './send-invitation.js';

const { membershipErrors } = membership;

/** The one transaction of an acceptance: of any number at once, one gives the role, and all see it given. */
@Injectable()
export class WriteAcceptance {
  constructor(
    private readonly members: MembersRepository,
    private readonly invitations: InvitationsRepository,
    private readonly invitees: InviteesRepository,
    private readonly grants: GrantsRepository,
    private readonly outbox: Outbox,
  ) {}

  async write(tx: Transaction, { userId, invitationId }: StoredInvitation, context: CallContext): Promise<StoredInvitation> {
    if (!(await this.members.lock(tx, userId))) throw membershipErrors.failure('invitation-invalid', 'There is no such invitation, or a newer mail has replaced it.');
    // Not by the token: a newer one may have taken its place since it was shown, and the password that came with it is there by now.
    const invitation = acceptable(await this.invitations.findVisible(tx, invitationId));
    if (invitation.status === 'accepted') return invitation;
    const accepted = await this.accept(tx, invitation, context);
    await this.outbox.append(tx, context, event(membership.rolesChanged, { userId, version: await this.members.bump(tx, userId) }));
    return accepted;
  }

  /**
   * For somebody, locked already, whose address was proved by other means than a token.
   * @returns how many were open, and are accepted now
   */
  async writeAllIn(tx: Transaction, organisationId: string, userId: string, context: CallContext): Promise<number> {
    const open = await this.invitations.lockOpenIn(tx, organisationId, userId);
    for (const invitation of open) await this.accept(tx, invitation, context);
    if (open.length > 0) await this.outbox.append(tx, context, event(membership.rolesChanged, { userId, version: await this.members.bump(tx, userId) }));
    return open.length;
  }

  private async accept(tx: Transaction, invitation: StoredInvitation, context: CallContext): Promise<StoredInvitation> {
    await this.give(tx, invitation);
    const accepted = await this.invitations.close(tx, invitation.invitationId, 'accepted');
    if (accepted === undefined) throw membershipErrors.failure('invitation-invalid', 'The invitation was taken back at this moment.');
    const actor = { type: 'user', id: invitation.userId } as const;
    await auditTrail.append(tx, context, { ...auditOf(accepted, 'invitation.accepted', actor), after: [`role:${accepted.role}`] });
    return accepted;
  }

  private async give(tx: Transaction, invitation: StoredInvitation): Promise<void> {
    const { organisationId, teamId, projectId, userId, role } = invitation;
    if (organisationId === null) return void (await this.grants.inDeployment(tx, userId, role, userId));
    if (!(await this.invitees.activate(tx, organisationId, invitation))) {
      const status = await this.invitees.statusIn(tx, organisationId, userId);
      if (status === 'inactive') throw membershipErrors.failure('member-inactive', 'You were deactivated in the organisation: ask its administrators.');
      throw membershipErrors.failure('invitation-invalid', 'You were taken out of the organisation since: ask for a new invitation.');
    }
    if (teamId !== null) await this.invitees.joinTeam(tx, organisationId, teamId, invitation);
    if (projectId !== null) await this.grants.inProject(tx, projectId, userId, role, userId);
  }
}
