import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import type { Transaction } from '#libs/platform/database';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { AddressedUsers } from '../users/addressed-users.js';
import { AccountMembersRepository } from './account-members.repository.js';
import { ChangeAccounts } from './change-accounts.js';

const { profilesErrors } = profiles;

/** Adds a user to accounts, all or none. Whoever is joined need not be an account yet. */
@Injectable()
export class JoinAccounts {
  constructor(
    private readonly changeAccounts: ChangeAccounts,
    private readonly addressed: AddressedUsers,
    private readonly members: AccountMembersRepository,
  ) {}

  async execute(request: RequestOf<typeof profiles.joinAccounts>, context: CallContext): Promise<profiles.Profile> {
    return this.changeAccounts.execute(request, context, async (tx, userId) => {
      const places = new Map<string, { accountId: string; role: string | null }>();
      for (const [index, { account, role }] of request.accounts.entries()) {
        const accountId = await this.find(tx, request.realmId, account, index);
        if (accountId === userId) throw profilesErrors.failure('account-is-user', 'Nobody can be in an account that is themselves.', { details: [{ path: `accounts[${index}].id`, message: 'is the user' }] });
        // Named twice, the last role counts.
        places.set(accountId, { accountId, role: role ?? places.get(accountId)?.role ?? null });
      }
      return (await this.members.join(tx, request.realmId, userId, [...places.values()])) > 0;
    });
  }

  private async find(tx: Transaction, realmId: string, account: profiles.UserAddress, index: number): Promise<string> {
    // Kept: one that was merged before our write would have lost its members to whom it became, and this one with itself.
    const accountId = await this.addressed.findAndKeep(tx, realmId, account);
    if (accountId !== undefined) return accountId;
    throw profilesErrors.failure('account-not-found', 'There is no such account.', { details: [{ path: `accounts[${index}].id`, message: 'there is no user of this id' }] });
  }
}
