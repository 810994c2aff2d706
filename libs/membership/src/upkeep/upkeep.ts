import { Injectable } from '@nestjs/common';
import type { upkeepSources, WorkCounts } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { trimInbox, trimOutbox } from '#libs/platform/events';
import { trimIdempotencyKeys } from '#libs/platform/idempotency';
import { FollowNames } from '../directory/follow-names.js';
import { ExpireInvitations } from '../invitations/expire-invitations.js';

/** What the tables of this service need from time to time, done when a schedule of the workers asks for it. */
@Injectable()
export class Upkeep {
  constructor(
    private readonly database: Database,
    private readonly names: FollowNames,
    private readonly invitations: ExpireInvitations,
  ) {}

  /** Goes on for as long as it may, and a step longer. `more`: something may be left. */
  async execute(task: (typeof upkeepSources.membership.tasks)[number], budgetMs: number): Promise<{ counts: WorkCounts; more: boolean }> {
    const until = performance.now() + budgetMs;
    switch (task) {
      case 'refresh-directory':
        return { counts: { people: await this.names.sweep() }, more: false };
      case 'expire-invitations': {
        const { expired, more } = await this.invitations.expire(() => performance.now() >= until);
        return { counts: { expired }, more };
      }
      case 'trim-membership':
        return { counts: { outbox: await trimOutbox(this.database), inbox: await trimInbox(this.database), idempotencyKeys: await trimIdempotencyKeys(this.database) }, more: false };
    }
  }
}
