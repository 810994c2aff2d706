import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Logger } from '#libs/platform/logging';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import type { RolesInProject } from './held-roles.repository.js';

/** Hands the new roles of a project's own users to profiles within the request, so that the caller's next read shows them. */
@Injectable()
export class RolesPush {
  constructor(
    private readonly rpc: RpcClient,
    private readonly logger: Logger,
  ) {}

  /** After the commit. Never fails: the event of the change repeats what is lost here. */
  async push(projectId: string, users: readonly RolesInProject[], context: CallContext): Promise<void> {
    await this.rpc.call(profiles.applyRoles, { realmId: projectId, users: [...users] }, context).catch((error: unknown) => {
      this.logger.warn({ requestId: context.requestId, userIds: users.map(({ userId }) => userId), err: error }, 'profiles did not take the new roles; the event will bring them');
    });
  }
}
