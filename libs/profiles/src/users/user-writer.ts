import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Database, GroupCommit, nextTurn, type Outcome, type Transaction } from '#libs/platform/database';
import type { CallContext } from '#libs/platform/messages';
import { UpsertGroup } from './upsert-group.js';
import { UpsertTools } from './upsert-tools.js';
import type { UserWrite, UserWritten } from './user-draft.js';
import { UserPagesRepository } from './user-pages.repository.js';

/** Writes upserts, those that arrive together in one transaction. */
@Injectable()
export class UserWriter {
  private readonly checks: GroupCommit<UserWrite, UserWritten>;
  private readonly commits: GroupCommit<UserWrite, UserWritten>;

  constructor(
    private readonly database: Database,
    private readonly tools: UpsertTools,
    private readonly pages: UserPagesRepository,
  ) {
    const commit = (writes: readonly UserWrite[], atCommit: () => void) =>
      database.withTransaction((tx) => {
        tx.atCommit(atCommit);
        return new UpsertGroup(tx, tools).run(writes);
      });
    this.commits = new GroupCommit(commit, { lineOf: ({ realmId, externalId, newUserId }) => `${realmId} ${externalId ?? newUserId}` });
    this.checks = new GroupCommit((writes) => database.withTransaction((tx) => new UpsertGroup(tx, tools, true).run(writes)), { gather: nextTurn, keyOf: ({ realmId, newUserId }) => `${realmId} ${newUserId}` });
  }

  /** @throws Failure the write's own, or `service-unavailable` */
  write(write: UserWrite): Promise<UserWritten> {
    return this.commits.submit(write, write.context.deadlineAt);
  }

  /**
   * Whether the write of somebody who is to be made would be refused, as far as can be told without making them.
   * @param write without an external id and an idempotency key
   * @throws Failure the write's own, or `service-unavailable`
   */
  checkNew(write: UserWrite): Promise<UserWritten> {
    return this.checks.submit(write, write.context.deadlineAt);
  }

  /**
   * Writes all of them in one transaction of their own, or none.
   * @param writes without idempotency keys: the batch has one
   * @param commit false: none in any case
   * @returns one outcome per write, in order; only if each of them is a user, and `commit` was true, were they written
   */
  async writeTogether(writes: readonly UserWrite[], commit: boolean, context: CallContext): Promise<Outcome<UserWritten>[]> {
    try {
      return await this.database.withTransaction((tx) =>
        commit
          ? this.tools.idempotency.once(tx, context, {
              work: () => this.writeAll(tx, writes, commit),
              refer: (outcomes) => ({ userIds: outcomes.flatMap((outcome) => ('answer' in outcome && 'user' in outcome.answer ? [outcome.answer.user.userId] : [])) }),
              again: ({ userIds }) => this.readAgain(tx, writes, userIds),
            })
          : this.writeAll(tx, writes, commit),
      );
    } catch (error) {
      if (error instanceof TakenBack) return error.outcomes;
      throw error;
    }
  }

  private async writeAll(tx: Transaction, writes: readonly UserWrite[], commit: boolean): Promise<Outcome<UserWritten>[]> {
    const outcomes = await new UpsertGroup(tx, this.tools).run(writes);
    if (commit && outcomes.every(isUser)) return outcomes;
    throw new TakenBack(outcomes);
  }

  /** What an earlier request wrote, as it is now. */
  private async readAgain(tx: Transaction, writes: readonly UserWrite[], userIds: readonly string[]): Promise<Outcome<UserWritten>[]> {
    const found = new Map((await this.pages.byIds(tx, writes[0]!.realmId, userIds)).map((user) => [user.userId, user]));
    return userIds.map((userId): Outcome<UserWritten> => {
      const user = found.get(userId);
      return user === undefined ? { failure: profiles.profilesErrors.failure('user-erased', 'This user was erased.') } : { answer: { user, created: false } };
    });
  }
}

function isUser(outcome: Outcome<UserWritten>): boolean {
  return 'answer' in outcome && 'user' in outcome.answer;
}

/** Carries the outcomes out of a transaction that it rolls back. */
class TakenBack extends Error {
  constructor(readonly outcomes: Outcome<UserWritten>[]) {
    super('the transaction was taken back');
  }
}
