import { Injectable } from '@nestjs/common';
import type { upkeepSources } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { trimInbox, trimOutbox } from '#libs/platform/events';
import { trimIdempotencyKeys } from '#libs/platform/idempotency';
import type { StepClock, StepOutcome } from '#libs/platform/upkeep';
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

  async execute(task: (typeof upkeepSources.membership.tasks)[number], { timeIsUp }: StepClock): Promise<StepOutcome> {
    switch (task) {
      case 'refresh-directory':
        return { counts: { people: await this.names.sweep() }, more: false };
      case 'expire-invitations': {
        const { expired, more } = await this.invitations.expire(timeIsUp);
        return { counts: { expired }, more };
      }
      case 'trim-membership':
        return { counts: { outbox: await trimOutbox(this.database, timeIsUp), inbox: await trimInbox(this.database, timeIsUp), idempotencyKeys: await trimIdempotencyKeys(this.database, timeIsUp) }, more: timeIsUp() };
    }
  }
}
