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

  async execute(task: (typeof upkeepSources.membership.tasks)[number]): Promise<WorkCounts> {
    switch (task) {
      case 'refresh-directory':
        return { people: await this.names.sweep() };
      case 'expire-invitations':
        return { expired: await this.invitations.expire() };
      case 'trim-membership':
        return { outbox: await trimOutbox(this.database), inbox: await trimInbox(this.database), idempotencyKeys: await trimIdempotencyKeys(this.database) };
    }
  }
}
