import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Database, type Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext } from '#libs/platform/messages';
import { MembersRepository } from '../roles/members.repository.js';

@Injectable()
export class HideMembers {
  constructor(
    private readonly database: Database,
    private readonly members: MembersRepository,
    private readonly outbox: Outbox,
  ) {}

  /** @returns how many of the users are now hidden: all of them, whether they were before or not */
  async hide(userIds: readonly string[], context: CallContext): Promise<number> {
    return this.database.withTransaction((tx) => this.hideWithin(tx, userIds, context));
  }

  /** Where the users belong, or belonged last, until they are erased. */
  async organisationsOf(userIds: readonly string[]): Promise<string[]> {
    return [...new Set((await this.members.organisations(this.database, userIds)).map(({ organisationId }) => organisationId))].sort();
  }

  async hideWithin(tx: Transaction, userIds: readonly string[], context: CallContext): Promise<number> {
    const changed = await this.members.hide(tx, userIds);
    if (changed.length > 0) await this.outbox.append(tx, context, ...changed.map(({ userId, version }) => event(membership.rolesChanged, { userId, version })));
    return new Set(userIds).size;
  }
}
