import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import type { Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { AccountMembersRepository } from '../accounts/account-members.repository.js';
import { HiddenUsersRepository } from '../erasure/hidden-users.repository.js';
import type { UserRecord } from '../users/user-record.js';
import { UsersRepository } from '../users/users.repository.js';
import { AliasesRepository } from './aliases.repository.js';
import { MergedUsersRepository } from './merged-users.repository.js';

export interface DecidedMerge {
  source: profiles.Profile;
  /** The destination as it will be; its version is not raised yet. */
  user: UserRecord;
  /** Names of what it gained. */
  facts: readonly string[];
  at: string;
}

/**
 * Writes a merge that was decided on. What is left of the source is hidden and goes the way of every erasure, through all
 * services; but there is no tombstone on its uid, which means the destination now.
 */
@Injectable()
export class TakeOver {
  constructor(
    private readonly users: UsersRepository,
    private readonly hidden: HiddenUsersRepository,
    private readonly merged: MergedUsersRepository,
    private readonly members: AccountMembersRepository,
    private readonly aliases: AliasesRepository,
    private readonly outbox: Outbox,
  ) {}

  async execute(tx: Transaction, { realmId, erasureId, actor }: RequestOf<typeof profiles.mergeUsers>, { source, user, facts, at }: DecidedMerge, context: CallContext): Promise<void> {
    const events = await this.merged.moveEvents(tx, realmId, source.userId, user.userId);
    const accounts = await this.members.inherit(tx, realmId, source.userId, user.userId);
    const lists = await this.merged.moveSubscriptions(tx, realmId, source.userId, user.userId);
    await this.merged.moveSuppressions(tx, realmId, source.userId, user.userId);
    await this.hidden.hide(tx, realmId, erasureId, [source.userId]);
    await this.aliases.point(tx, realmId, source, user.userId, erasureId);
    const version = user.version + 1;
    await this.users.update(tx, [{ ...user, version, modifiedAt: at, modifiedBy: actor.id }]);
    await this.merged.see(tx, realmId, user);
    const gained = [...facts, ...(events > 0 ? ['events'] : []), ...(accounts > 0 ? ['accounts'] : []), ...(lists > 0 ? ['lists'] : [])];
    await this.outbox.append(
      tx,
      context,
      event(profiles.userChanged, { realmId, userId: user.userId, version, created: false, facts: gained }),
      event(profiles.usersMerged, { realmId, userId: user.userId, sourceUserId: source.userId }),
      event(profiles.usersHidden, { realmId, erasureId, userIds: [source.userId], requestedBy: actor.id, requestedByType: actor.type }),
    );
  }
}
