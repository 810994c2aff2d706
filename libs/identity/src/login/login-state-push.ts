import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Logger } from '#libs/platform/logging';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import type { LoginState } from './logins.repository.js';

/** Hands the new state of logins to profiles within the request, so that the caller's next read shows it. */
@Injectable()
export class LoginStatePush {
  constructor(
    private readonly rpc: RpcClient,
    private readonly logger: Logger,
  ) {}

  /** After the commit. Never fails: the event of the change repeats what is lost here. */
  async push(realmId: string, users: LoginState[], context: CallContext): Promise<void> {
    await this.rpc.call(profiles.applyLoginState, { realmId, users }, context).catch((error: unknown) => {
      this.logger.warn({ requestId: context.requestId, userIds: users.map(({ userId }) => userId), err: error }, 'profiles did not take the new login state; the event will bring it');
    });
  }
}
