import { Injectable } from '@nestjs/common';
import { operations, staffRealmId, type membership } from '#libs/contracts';
import { Logger } from '#libs/platform/logging';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';

type EmailStatus = membership.Invitation['emailStatus'];

/** What became of the mails of invitations, which operations knows. */
@Injectable()
export class MailStates {
  constructor(
    private readonly rpc: RpcClient,
    private readonly logger: Logger,
  ) {}

  /** A mail that operations has not heard of yet waits for it. What is shown is no less good while operations is away. */
  async of(mailIds: readonly string[], context: CallContext): Promise<(mailId: string) => EmailStatus> {
    if (mailIds.length === 0) return () => null;
    try {
      const { mails } = await this.rpc.call(operations.describeMails, { realmId: staffRealmId, mailIds: [...mailIds] }, context);
      const known = new Map(mails.map(({ mailId, state }) => [mailId, state === 'dropped' ? ('failed' as const) : state]));
      return (mailId) => known.get(mailId) ?? 'queued';
    } catch (error) {
      this.logger.debug({ requestId: context.requestId, err: error }, 'what became of the mails of invitations is not known now');
      return () => null;
    }
  }
}
