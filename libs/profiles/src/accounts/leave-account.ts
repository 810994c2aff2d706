import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { AddressedUsers } from '../users/addressed-users.js';
import { AccountMembersRepository } from './account-members.repository.js';
import { ChangeAccounts } from './change-accounts.js';

/** Takes a user out of an account. */
@Injectable()
export class LeaveAccount {
  constructor(
    private readonly changeAccounts: ChangeAccounts,
    private readonly addressed: AddressedUsers,
    private readonly members: AccountMembersRepository,
  ) {}

  async execute(request: RequestOf<typeof profiles.leaveAccount>, context: CallContext): Promise<profiles.Profile> {
    return this.changeAccounts.execute(request, context, async (tx, userId) => {
      const accountId = await this.addressed.findAndKeep(tx, request.realmId, request.account);
      if (accountId !== undefined && (await this.members.leave(tx, request.realmId, userId, accountId))) return true;
      throw profiles.profilesErrors.failure('not-in-account', 'The user is not in this account.');
    });
  }
}
