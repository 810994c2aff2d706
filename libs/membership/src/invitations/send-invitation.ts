import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { membership, staffRealmId, type Actor } from '#libs/contracts';
import { auditTrail, type NewAuditEntry } from '#libs/platform/audit';
import type { ConfigValues } from '#libs/platform/config';
import type { Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext } from '#libs/platform/messages';
import { MembersRepository } from '../roles/members.repository.js';
import { InvitationTokens } from './invitation-tokens.js';
import { invitationsConfig } from './invitations.config.js';
import type { Renewal, StoredInvitation } from './invitations.repository.js';

/** Tokens and mails of invitations, within the transaction that makes or renews one. */
@Injectable()
export class SendInvitation {
  constructor(
    private readonly tokens: InvitationTokens,
    private readonly outbox: Outbox,
    private readonly members: MembersRepository,
    @Inject(invitationsConfig.token) private readonly config: ConfigValues<typeof invitationsConfig>,
  ) {}

  /** A new mail with its token and its term. */
  prepare(invitedBy: Actor): Renewal {
    const mailId = uuidv7();
    return { mailId, tokenHash: this.tokens.hash(this.tokens.of(mailId)), invitedBy, ttlSeconds: this.config.INVITATION_TTL };
  }

  /**
   * Counts the mails of people who may have been sent some before: whoever invites is not to have somebody's mailbox filled.
   * @param invited different people, whose rows are locked
   * @throws Failure `invited-too-often`
   */
  async mustNotBeTooOften(tx: Transaction, invited: readonly { userId: string; organisationId: string | null }[]): Promise<void> {
    // Of the deployment itself nobody invites but those who may do everything.
    const counted = invited.flatMap(({ userId, organisationId }) => (organisationId === null ? [] : { userId, organisationId }));
    const { INVITATION_MAILS_PER_PERSON: most } = this.config;
    const tooMany = (await this.members.noteInvitationMails(tx, counted)).find(({ sent }) => sent > most);
    if (tooMany === undefined) return;
    throw membership.membershipErrors.failure('invited-too-often', `The organisation has invited this person ${most} times again in an hour: try again later.`, { retryAfter: Math.max(1, Math.ceil(tooMany.forSeconds)) });
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
