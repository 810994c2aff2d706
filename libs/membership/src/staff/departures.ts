import { Injectable } from '@nestjs/common';
import { membership, type Actor } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import type { Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext } from '#libs/platform/messages';
import { InvitationsRepository } from '../invitations/invitations.repository.js';
import { auditOf } from '../invitations/send-invitation.js';
import { DeletedStaffRepository } from './deleted-staff.repository.js';

/** Where it was that somebody lost their last membership, or is invited. */
interface Where {
  actor: Actor;
  organisationId: string | null;
}

/** Nobody stays who belongs nowhere; and whoever is invited comes back. Identity follows by the event. */
@Injectable()
export class Departures {
  constructor(
    private readonly deleted: DeletedStaffRepository,
    private readonly invitations: InvitationsRepository,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Deletes those of the people who have no membership left, so that they can be restored or invited anew until their
   * retention ends. Their rows must be locked by then: an invitation at the same moment comes before, and is seen, or after, and brings them back.
   */
  async within(tx: Transaction, userIds: readonly string[], { actor, organisationId }: Where, context: CallContext): Promise<void> {
    if (userIds.length === 0) return;
    const gone = await this.deleted.removeUnattached(tx, userIds, actor.id, organisationId);
    for (const userId of gone) await this.tell(tx, 'user.deleted', userId, { actor, organisationId }, context);
  }

  /** Whoever is taken out of an organisation is not awaited there either. Their row must be locked. */
  async takeBack(tx: Transaction, userId: string, organisationId: string, actor: Actor, context: CallContext): Promise<void> {
    for (const invitation of await this.invitations.withdrawOf(tx, organisationId, userId)) {
      await auditTrail.append(tx, context, { ...auditOf(invitation, 'invitation.cancelled', actor), before: [`role:${invitation.role}`] });
    }
  }

  /**
   * Brings back somebody who is deleted and invited, with nothing but the invitation: what they had before is for those to
   * restore who may. Their row must be locked.
   * @returns whether they were deleted
   */
  async revive(tx: Transaction, userId: string, where: Where, context: CallContext): Promise<boolean> {
    if ((await this.deleted.lock(tx, userId)) !== true) return false;
    await this.deleted.endRoles(tx, userId);
    await this.deleted.restore(tx, userId);
    await this.tell(tx, 'user.restored', userId, where, context);
    return true;
  }

  private async tell(tx: Transaction, action: string, userId: string, { actor, organisationId }: Where, context: CallContext): Promise<void> {
    await auditTrail.append(tx, context, { actor, action, target: { type: 'user', id: userId }, organisationId });
    await this.outbox.append(tx, context, event(membership.staffDeleted, { userId }));
  }
}
