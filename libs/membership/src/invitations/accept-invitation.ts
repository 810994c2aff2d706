import { Injectable } from '@nestjs/common';
import { identity, membership, profiles, staffRealmId } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { acceptable } from './acceptable.js';
import { InvitationTokens } from './invitation-tokens.js';
import { InvitationsRepository, type StoredInvitation } from './invitations.repository.js';
import { WriteAcceptance } from './write-acceptance.js';

const { membershipErrors } = membership;
type Request = RequestOf<typeof membership.acceptInvitation>;

@Injectable()
export class AcceptInvitation {
  constructor(
    private readonly database: Database,
    private readonly rpc: RpcClient,
    private readonly tokens: InvitationTokens,
    private readonly invitations: InvitationsRepository,
    private readonly writeAcceptance: WriteAcceptance,
  ) {}

  /**
   * The login first, where there is none, then the roles. Broken off in between, the same token goes on: the password is
   * there by then, and stays what it is.
   */
  async accept(request: Request, context: CallContext): Promise<StoredInvitation> {
    const invitation = acceptable(await this.invitations.findByToken(this.database, this.tokens.hash(request.token)));
    if (invitation.status === 'accepted') return invitation;
    await this.openLogin(invitation.userId, request, context);
    return this.database.withTransaction((tx) => this.writeAcceptance.write(tx, invitation, context));
  }

  private async openLogin(userId: string, { password, displayName }: Request, context: CallContext): Promise<void> {
    const { users } = await this.rpc.call(identity.describeLogins, { realmId: staffRealmId, userIds: [userId] }, context);
    if (users[0]?.canLogIn === true) return;
    if (password === null) {
      throw membershipErrors.failure('password-required', 'Choose a password to log in with.', { details: [{ path: 'password', message: 'is required' }] });
    }
    const actor = { type: 'user', id: userId } as const;
    // Before the password, which is what ends the matter: a name that was lost in between would not be asked for again.
    if (displayName !== null) {
      await this.rpc.call(profiles.upsertUser, { realmId: staffRealmId, newUserId: userId, onlyExisting: true, patch: { displayName }, actor }, context);
    }
    await this.rpc.call(identity.setPassword, { realmId: staffRealmId, userId, password, keepSessionId: null, onlyFirst: true, actor }, context);
  }
}
