import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { membership, staffRealmId, type Actor } from '#libs/contracts';
import { auditTrail, type NewAuditEntry } from '#libs/platform/audit';
import type { ConfigValues } from '#libs/platform/config';
import type { Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext } from '#libs/platform/messages';
import { InvitationTokens } from './invitation-tokens.js';
import { invitationsConfig } from './invitations.config.js';
import type { Renewal, StoredInvitation } from './invitations.repository.js';

/** Tokens and mails of invitations, within the transaction that makes or renews one. */
@Injectable()
export class SendInvitation {
  constructor(
    private readonly tokens: InvitationTokens,
    private readonly outbox: Outbox,
    @Inject(invitationsConfig.token) private readonly config: ConfigValues<typeof invitationsConfig>,
  ) {}

  /** A new mail with its token and its term. */
  prepare(invitedBy: Actor): Renewal {
    const mailId = uuidv7();
    return { mailId, tokenHash: this.tokens.hash(this.tokens.of(mailId)), invitedBy, ttlSeconds: this.config.INVITATION_TTL };
  }

  /** The mails are asked for, and the audit trail told, when the transaction commits: of whoever invites by the last mail. */
  async announce(tx: Transaction, prepared: readonly { action: string; invitation: StoredInvitation; context: CallContext }[]): Promise<void> {
    const mail = ({ mailId, userId }: StoredInvitation) => event(membership.mailRequested, { realmId: staffRealmId, mailId, userId, template: 'invitation' });
    await this.outbox.appendEach(tx, prepared.map(({ invitation, context }) => ({ context, event: mail(invitation) })));
    await auditTrail.appendEach(tx, prepared.map(({ action, invitation, context }) => ({ context, entry: { ...auditOf(invitation, action, invitation.invitedBy), after: [`role:${invitation.role}`] } })));
  }
}

/** What is done with an invitation is done to the person. */
export function auditOf({ userId, organisationId, projectId }: StoredInvitation, action: string, actor: Actor): NewAuditEntry {
  return { actor, action, target: { type: 'user', id: userId }, organisationId, projectId };
}
