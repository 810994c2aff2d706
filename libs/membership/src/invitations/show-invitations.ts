import { Injectable } from '@nestjs/common';
import { membership, operations, staffRealmId } from '#libs/contracts';
import { Logger } from '#libs/platform/logging';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import type { StoredInvitation } from './invitations.repository.js';

type EmailStatus = membership.Invitation['emailStatus'];

/** Invitations as others see them: with what became of their mails, which operations knows. */
@Injectable()
export class ShowInvitations {
  constructor(
    private readonly rpc: RpcClient,
    private readonly logger: Logger,
  ) {}

  async all(invitations: readonly StoredInvitation[], context: CallContext): Promise<membership.Invitation[]> {
    const states = await this.emailStates(invitations.map(({ mailId }) => mailId), context);
    return invitations.map(({ placeId: _place, level: _level, mailId, ...shown }) => ({ ...shown, emailStatus: states(mailId) }));
  }

  async one(invitation: StoredInvitation, context: CallContext): Promise<membership.Invitation> {
    return (await this.all([invitation], context))[0]!;
  }

  /** A mail that operations has not heard of yet waits for it. An invitation is no less good while operations is away. */
  private async emailStates(mailIds: string[], context: CallContext): Promise<(mailId: string) => EmailStatus> {
    if (mailIds.length === 0) return () => null;
    try {
      const { mails } = await this.rpc.call(operations.describeMails, { realmId: staffRealmId, mailIds }, context);
      const known = new Map(mails.map(({ mailId, state }) => [mailId, state === 'dropped' ? ('failed' as const) : state]));
      return (mailId) => known.get(mailId) ?? 'queued';
    } catch (error) {
      this.logger.debug({ requestId: context.requestId, err: error }, 'what became of the mails of invitations is not known now');
      return () => null;
    }
  }
}
