import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { ChangeAccounts } from '../accounts/change-accounts.js';
import { MembersRepository } from './members.repository.js';

/** Notes that a member of a segment wants nothing that is sent to it, or does again. */
@Injectable()
export class SuppressMember {
  constructor(
    private readonly change: ChangeAccounts,
    private readonly members: MembersRepository,
  ) {}

  async execute(request: RequestOf<typeof profiles.setSuppressed>, context: CallContext): Promise<profiles.Profile> {
    const { realmId, segmentId, suppressed } = request;
    const write = async (...[tx, userId]: Parameters<Parameters<ChangeAccounts['execute']>[2]>) => {
      const changed = await this.members.suppress(tx, realmId, userId, segmentId, suppressed);
      if (changed === undefined) throw profiles.profilesErrors.failure('not-in-segment', 'There is no such segment, or the user is not in it.');
      return changed;
    };
    return this.change.execute(request, context, write, 'segments');
  }
}
