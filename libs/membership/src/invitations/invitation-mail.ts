import { Injectable } from '@nestjs/common';
import { profiles, staffRealmId, type MailToSend } from '#libs/contracts';
import { askedTogether, Database } from '#libs/platform/database';
import { isFailure } from '#libs/platform/errors';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { InvitationTokens } from './invitation-tokens.js';
import { InvitationsRepository, type NamedInvitation, type StoredInvitation } from './invitations.repository.js';

/** What the mail of an invitation says, asked for when it is delivered. */
@Injectable()
export class InvitationMail {
  private readonly find: (mailId: string) => Promise<NamedInvitation | undefined>;

  constructor(
    database: Database,
    private readonly rpc: RpcClient,
    invitations: InvitationsRepository,
    private readonly tokens: InvitationTokens,
  ) {
    this.find = askedTogether((mailIds) => invitations.findByMails(database, mailIds));
  }

  /** @returns null once the invitation is closed, or another mail has taken this one's place */
  async say(mailId: string, context: CallContext): Promise<MailToSend | null> {
    const invitation = await this.find(mailId);
    if (invitation?.status !== 'pending') return null;
    const { email, role, expiresAt, organisationName, placeName, tokenHash } = invitation;
    const inviter = await this.inviterOf(invitation, context);
    return { to: email, content: { template: 'invitation', token: this.tokens.again(mailId, tokenHash), expiresAt, inviter, organisation: organisationName ?? 'Rollcall', place: placeName, role } };
  }

  /** Null for an API key, and for somebody who has no name or is gone. */
  private async inviterOf({ invitedBy }: StoredInvitation, context: CallContext): Promise<string | null> {
    if (invitedBy.type !== 'user') return null;
    try {
      return (await this.rpc.call(profiles.getUser, { realmId: staffRealmId, user: { userId: invitedBy.id } }, context)).displayName?.slice(0, 200) ?? null;
    } catch (error) {
      if (isFailure(error, 'user-not-found')) return null;
      throw error;
    }
  }
}
