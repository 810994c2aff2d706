import { Injectable } from '@nestjs/common';
import type { profiles } from '#libs/contracts';
import { Database, GroupCommit, type Transaction } from '#libs/platform/database';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { ApplyLoginStates } from './apply-login-states.js';
import { ApplyRoles, type RoleState } from './apply-roles.js';
import type { LoginState } from './directory.repository.js';

/** States of users of one realm, as identity or membership hand them over. */
interface Handed<State> {
  realmId: string;
  users: readonly State[];
  context: CallContext;
}

/** Takes over states that identity and membership hand over, those that arrive together in one transaction. */
@Injectable()
export class TakeStates {
  private readonly logins: GroupCommit<Handed<LoginState>, number>;
  private readonly roles: GroupCommit<Handed<RoleState>, number>;
  /** What is being taken over at the moment, by user. */
  private readonly underWay = new Map<string, Promise<unknown>>();

  constructor(database: Database, applyLoginStates: ApplyLoginStates, applyRoles: ApplyRoles) {
    this.logins = grouped(database, (tx, realmId, users, context) => applyLoginStates.execute(tx, realmId, users, context));
    this.roles = grouped(database, (tx, realmId, users) => applyRoles.execute(tx, realmId, users));
  }

  /** @returns how many states were taken over */
  ofLogins({ realmId, users }: RequestOf<typeof profiles.applyLoginState>, context: CallContext): Promise<number> {
    return this.note(users, this.logins.submit({ realmId: realmId.toLowerCase(), users, context }, context.deadlineAt));
  }

  /** @returns how many states were taken over */
  ofRoles({ realmId, users }: RequestOf<typeof profiles.applyRoles>, context: CallContext): Promise<number> {
    return this.note(users, this.roles.submit({ realmId: realmId.toLowerCase(), users, context }, context.deadlineAt));
  }

  /**
   * Resolves when nothing is being handed over about the user here: the event of a change often comes while the change itself is being
   * taken over, and need not ask for it then. Of what another process takes over nothing is known.
   */
  async settled(userId: string): Promise<void> {
    await this.underWay.get(userId.toLowerCase());
  }

  /** Those that are taken over at once are mostly of one user each; of a user of several the last is waited for. */
  private note<Taken>(users: readonly { userId: string }[], taking: Promise<Taken>): Promise<Taken> {
    const ended = taking.then(() => undefined, () => undefined);
    const userIds = users.map(({ userId }) => userId.toLowerCase());
    for (const userId of userIds) this.underWay.set(userId, ended);
    void ended.then(() => {
      for (const userId of userIds) if (this.underWay.get(userId) === ended) this.underWay.delete(userId);
    });
    return taking;
  }
}

/** @param take answers whose states it took over; events of it bear the id of the request that opened the group */
function grouped<State extends { userId: string }>(
  database: Database,
  take: (tx: Transaction, realmId: string, users: readonly State[], context: CallContext) => Promise<ReadonlySet<string>>,
): GroupCommit<Handed<State>, number> {
  return new GroupCommit(async (group: readonly Handed<State>[]) => {
    // Realms in their order, as their users are: two groups never wait for each other.
    const realmIds = [...new Set(group.map(({ realmId }) => realmId))].sort();
    const taken = await database.withTransaction(async (tx) => {
      const byRealm = new Map<string, ReadonlySet<string>>();
      for (const realmId of realmIds) byRealm.set(realmId, await take(tx, realmId, group.flatMap((one) => (one.realmId === realmId ? one.users : [])), group[0]!.context));
      return byRealm;
    });
    return group.map(({ realmId, users }) => ({ answer: [...new Set(users.map(({ userId }) => userId.toLowerCase()))].filter((userId) => taken.get(realmId)!.has(userId)).length }));
  });
}
