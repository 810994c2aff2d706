import { Injectable } from '@nestjs/common';
import { profiles, staffRealmId } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { Logger } from '#libs/platform/logging';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { DirectoryRepository, type PersonNames } from './directory.repository.js';

/** Brings the names of staff up to what profiles knows. */
@Injectable()
export class RefreshDirectory {
  constructor(
    private readonly database: Database,
    private readonly rpc: RpcClient,
    private readonly directory: DirectoryRepository,
    private readonly logger: Logger,
  ) {}

  /** What profiles says of these people now; those it does not know are left out. */
  async ask(userIds: readonly string[], context: CallContext): Promise<PersonNames[]> {
    const people: PersonNames[] = [];
    for (let rest = [...userIds]; rest.length > 0; ) {
      const page = await this.rpc.call(profiles.readUsers, { realmId: staffRealmId, userIds: rest }, context);
      people.push(...page.users.map(({ userId, version, displayName, email }) => ({ userId, version, name: displayName, email })));
      rest = page.rest;
    }
    return people;
  }

  async refresh(userIds: readonly string[], context: CallContext): Promise<void> {
    const people = await this.ask(userIds, context);
    if (people.length > 0) await this.database.withTransaction((tx) => this.directory.apply(tx, people));
  }

  /** After a commit. Never fails: the sweep repeats what is lost here. */
  async follow(userIds: readonly string[], context: CallContext): Promise<void> {
    await this.refresh(userIds, context).catch((error: unknown) => {
      this.logger.warn({ requestId: context.requestId, userIds, err: error }, 'profiles did not tell the names of users; they are asked for again');
    });
  }
}
