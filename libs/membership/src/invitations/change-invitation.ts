import { Injectable } from '@nestjs/common';
import { membership, type Actor } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database, type Transaction } from '#libs/platform/database';
import { Idempotency } from '#libs/platform/idempotency';
import type { CallContext } from '#libs/platform/messages';
import { InvitationTools } from './invitation-tools.js';
import type { StoredInvitation } from './invitations.repository.js';
import { auditOf, SendInvitation } from './send-invitation.js';

const { membershipErrors } = membership;

/** Sends an invitation again, or takes it back. */
@Injectable()
export class ChangeInvitation {
  constructor(
    private readonly database: Database,
    private readonly tools: InvitationTools,
    private readonly sending: SendInvitation,
    private readonly idempotency: Idempotency,
  ) {}

  /** One that has expired can be accepted again. */
  async resend(invitationId: string, actor: Actor, context: CallContext): Promise<StoredInvitation> {
    return this.database.withTransaction((tx) =>
      this.idempotency.once(tx, context, {
        work: () => this.renew(tx, invitationId, actor, context),
        refer: (renewed) => ({ invitationId: renewed.invitationId }),
        again: async (sent) => (await this.tools.invitations.get(tx, sent.invitationId)) ?? notFound(),
      }),
    );
  }

  async cancel(invitationId: string, actor: Actor, context: CallContext): Promise<void> {
    await this.database.withTransaction(async (tx) => {
      const present = await this.locked(tx, invitationId);
      if (present.status === 'cancelled') return;
      if (present.status === 'accepted') throw closed(present);
      await this.close(tx, present, 'cancelled', actor, context);
    });
  }

  /** Does nothing unless its term is over, by the clock of the database. */
  async expire(invitationId: string, actor: Actor, context: CallContext): Promise<void> {
    await this.database.withTransaction(async (tx) => {
      const present = await this.lock(tx, invitationId);
      if (present?.status === 'expired') await this.close(tx, present, 'expired', actor, context);
    });
  }

  private async renew(tx: Transaction, invitationId: string, actor: Actor, context: CallContext): Promise<StoredInvitation> {
    const present = await this.locked(tx, invitationId);
    if (present.status === 'accepted' || present.status === 'cancelled') throw closed(present);
    await this.sending.mustNotBeTooOften(tx, [present]);
    const renewed = await this.tools.invitations.renew(tx, invitationId, this.sending.prepare(actor));
    if (renewed === undefined) throw closed(present);
    await this.tools.departures.revive(tx, renewed.userId, { actor, organisationId: renewed.organisationId }, context);
    this.tools.invitees.expect(tx, [renewed]);
    await this.sending.announce(tx, [{ action: 'invitation.renewed', invitation: renewed, context }]);
    return renewed;
  }

  private async close(tx: Transaction, { invitationId, organisationId, userId, role }: StoredInvitation, status: 'cancelled' | 'expired', actor: Actor, context: CallContext): Promise<void> {
    const closedOne = await this.tools.invitations.close(tx, invitationId, status);
    if (closedOne === undefined) return;
    if (organisationId !== null) await this.tools.invitees.dismiss(tx, organisationId, [userId]);
    await auditTrail.append(tx, context, { ...auditOf(closedOne, `invitation.${status}`, actor), before: [`role:${role}`] });
    await this.tools.departures.within(tx, [userId], { actor, organisationId }, context);
  }

  private async locked(tx: Transaction, invitationId: string): Promise<StoredInvitation> {
    return (await this.lock(tx, invitationId)) ?? notFound();
  }

  /** The person first, as everybody does who invites: in the other order two could wait for each other. */
  private async lock(tx: Transaction, invitationId: string): Promise<StoredInvitation | undefined> {
    const known = await this.tools.invitations.get(tx, invitationId);
    if (known === undefined || !(await this.tools.members.lock(tx, known.userId))) return undefined;
    return this.tools.invitations.lock(tx, invitationId);
  }
}

function notFound(): never {
  throw membershipErrors.failure('invitation-not-found', 'There is no such invitation.');
}

function closed({ status }: StoredInvitation) {
  return membershipErrors.failure('invitation-closed', `The invitation was ${status} already.`);
}
