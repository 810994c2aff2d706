import { Injectable } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { Outbox } from '#libs/platform/events';
import { GroupCommit } from '../commits/group-commit.js';
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

  constructor(database: Database, users: UsersRepository, tombstones: TombstonesRepository, keys: TombstoneKeys, aliases: AliasesRepository, outbox: Outbox) {
    const tools: UpsertTools = { users, tombstones, aliases, keys, outbox };
    this.commits = new GroupCommit((writes) => database.withTransaction((tx) => new UpsertGroup(tx, tools).run(writes)));
  }

  /** @throws Failure the write's own, or `service-unavailable` */
  write(write: UserWrite): Promise<UserWritten> {
    return this.commits.submit(write, write.context.deadlineAt);
  }
}
