import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { AddressedUsers } from '../users/addressed-users.js';
import { AccountMembersRepository } from './account-members.repository.js';
import { ChangeAccounts } from './change-accounts.js';

/** Gives a member of an account another role in it. */
@Injectable()
export class ChangeAccountRole {
  constructor(
    private readonly changeAccounts: ChangeAccounts,
    private readonly addressed: AddressedUsers,
    private readonly members: AccountMembersRepository,
  ) {}

  async execute(request: RequestOf<typeof profiles.changeAccountRole>, context: CallContext): Promise<profiles.Profile> {
    return this.changeAccounts.execute(request, context, async (tx, userId) => {
      const accountId = await this.addressed.findAndKeep(tx, request.realmId, request.account);
      if (accountId !== undefined && (await this.members.changeRole(tx, request.realmId, userId, accountId, request.role))) return true;
      throw profiles.profilesErrors.failure('not-in-account', 'The user is not in this account.');
    });
  }
}
