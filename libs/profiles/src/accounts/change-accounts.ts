import { Injectable } from '@nestjs/common';
import { profiles, type Actor } from '#libs/contracts';
import { Database, type Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import { Idempotency } from '#libs/platform/idempotency';
import type { CallContext } from '#libs/platform/messages';
import { AddressedUsers, type LockedUser } from '../users/addressed-users.js';
import { toProfile } from '../users/user-record.js';
import { UsersRepository } from '../users/users.repository.js';

/** Changes what lies beside the row of one user, their accounts or lists: what all such changes have in common. */
@Injectable()
export class ChangeAccounts {
  constructor(
    private readonly database: Database,
    private readonly addressed: AddressedUsers,
    private readonly users: UsersRepository,
    private readonly outbox: Outbox,
    private readonly idempotency: Idempotency,
  ) {}

  /**
   * @param change runs while the user is locked; says whether anything changed
   * @param fact the name of what changes
   * @returns the user as the change leaves it
   */
  async execute(
    { realmId, user: address, actor }: { realmId: string; user: profiles.UserAddress; actor: Actor },
    context: CallContext,
    change: (tx: Transaction, userId: string) => Promise<boolean>,
    fact: 'accounts' | 'lists' | 'segments' = 'accounts',
  ): Promise<profiles.Profile> {
    return this.database.withTransaction((tx) =>
      this.idempotency.once(tx, context, {
        work: async () => {
          const found = await this.present(tx, realmId, address);
          if (!(await change(tx, found.user.userId))) return toProfile(found.user, found.directory);
          const user = { ...found.user, version: found.user.version + 1, modifiedAt: found.at, modifiedBy: actor.id };
          await this.users.update(tx, [{ ...user, attributes: null }]);
          await this.outbox.append(tx, context, event(profiles.userChanged, { realmId, userId: user.userId, version: user.version, created: false, facts: [fact] }));
          const changed = (await this.addressed.lock(tx, realmId, [user.userId])).get(user.userId);
          if (changed === undefined) throw new Error('a locked user was gone');
          return toProfile(changed.user, changed.directory);
        },
        refer: ({ userId }) => ({ userId }),
        again: async ({ userId }) => {
          // Who was merged since goes by the same address, and not by the same id.
          const found = (await this.addressed.findAndLock(tx, realmId, { userId })) ?? (await this.present(tx, realmId, address));
          return toProfile(found.user, found.directory);
        },
      }),
    );
  }

  private async present(tx: Transaction, realmId: string, address: profiles.UserAddress): Promise<LockedUser> {
    const found = await this.addressed.findAndLock(tx, realmId, address);
    if (found === undefined) throw await this.addressed.absence(tx, realmId, address);
    return found;
  }
}
