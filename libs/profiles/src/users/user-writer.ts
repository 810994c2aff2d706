import { Injectable } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { Outbox } from '#libs/platform/events';
import { GroupCommit, type Outcome } from '../commits/group-commit.js';
import { TombstoneKeys } from '../erasure/tombstone-keys.js';
import { TombstonesRepository } from '../erasure/tombstones.repository.js';
import { AliasesRepository } from '../merging/aliases.repository.js';
import { UpsertGroup, type UpsertTools } from './upsert-group.js';
import type { UserWrite, UserWritten } from './user-draft.js';
import { UsersRepository } from './users.repository.js';

/** Writes upserts, those that arrive together in one transaction. */
@Injectable()
export class UserWriter {
  private readonly commits: GroupCommit<UserWrite, UserWritten>;
  private readonly tools: UpsertTools;

  constructor(
    private readonly database: Database,
    users: UsersRepository,
    tombstones: TombstonesRepository,
    keys: TombstoneKeys,
    aliases: AliasesRepository,
    outbox: Outbox,
  ) {
    const tools: UpsertTools = { users, tombstones, aliases, keys, outbox };
    this.tools = tools;
    this.commits = new GroupCommit((writes) => database.withTransaction((tx) => new UpsertGroup(tx, tools).run(writes)));
  }

  /** @throws Failure the write's own, or `service-unavailable` */
  write(write: UserWrite): Promise<UserWritten> {
    return this.commits.submit(write, write.context.deadlineAt);
  }

  /**
   * Writes all of them in one transaction of their own, or none.
   * @param commit false: none in any case
   * @returns one outcome per write, in order; only if each of them is a user, and `commit` was true, were they written
   */
  async writeTogether(writes: readonly UserWrite[], commit: boolean): Promise<Outcome<UserWritten>[]> {
    try {
      return await this.database.withTransaction(async (tx) => {
        const outcomes = await new UpsertGroup(tx, this.tools).run(writes);
        if (commit && outcomes.every(isUser)) return outcomes;
        throw new TakenBack(outcomes);
      });
    } catch (error) {
      if (error instanceof TakenBack) return error.outcomes;
      throw error;
    }
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
