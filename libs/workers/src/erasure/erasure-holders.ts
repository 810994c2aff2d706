import { Injectable } from '@nestjs/common';
import { identity, membership, profiles, type operations, type TableCounts } from '#libs/contracts';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { EraseFromAudit } from '../audit/erase-from-audit.js';
import { EraseFromImports } from '../importing/erase-from-imports.js';
import { EraseMails } from '../mail/erase-mails.js';

/** Who else holds something about users, and how each is asked to erase it and to count what is left. */
const others = {
  profiles: { erase: profiles.eraseProfile, countRemains: profiles.countProfileRemains },
  identity: { erase: identity.eraseLogins, countRemains: identity.countLoginRemains },
  membership: { erase: membership.eraseMembers, countRemains: membership.countMemberRemains },
} as const;

type Service = operations.ErasureService;

interface Users {
  realmId: string;
  userIds: string[];
}

/** The services that hold something about users, the workers (`operations`) among them. */
@Injectable()
export class ErasureHolders {
  constructor(
    private readonly rpc: RpcClient,
    private readonly eraseMails: EraseMails,
    private readonly audit: EraseFromAudit,
    private readonly imports: EraseFromImports,
  ) {}

  /**
   * Has a service erase what it holds; again is harmless. What the workers hold are several things, each of which counts by itself, so that what one has
   * erased is known although the other fails.
   * @returns the rows erased, per table; each rejects with Failure `service-unavailable` when somebody who is needed for it is out of reach
   */
  erase(service: Service, users: Users & { requestedAt: string }, context: CallContext): Promise<TableCounts>[] {
    if (service === 'operations') return [this.eraseMails.erase(users.realmId, users.userIds), this.audit.erase(users.userIds, context), this.imports.erase(users.realmId, users.requestedAt)];
    const { realmId, userIds } = users;
    return [this.rpc.call(others[service].erase, { realmId, userIds }, context).then(({ erased }) => erased)];
  }

  /** Asks a service what it still holds. */
  async countRemains(service: Service, users: Users, context: CallContext): Promise<TableCounts> {
    if (service === 'operations') return { ...(await this.eraseMails.countRemains(users.realmId, users.userIds)), ...(await this.audit.countRemains(users.userIds)) };
    return (await this.rpc.call(others[service].countRemains, users, context)).remains;
  }
}
