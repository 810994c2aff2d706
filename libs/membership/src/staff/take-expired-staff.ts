import { Injectable } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import type { CallContext } from '#libs/platform/messages';
import { HideMembers } from '../erasure/hide-members.js';
import { DeletedStaffRepository } from './deleted-staff.repository.js';

/** Deleted people whose time to be restored is over. */
@Injectable()
export class TakeExpiredStaff {
  constructor(
    private readonly database: Database,
    private readonly deleted: DeletedStaffRepository,
    private readonly hideMembers: HideMembers,
  ) {}

  /**
   * Hides them, as their erasure would: from then on nobody restores them, so that nobody is erased who was back a moment before.
   * @returns them, and others who were taken earlier and are not erased yet: whoever took those may have died before they asked for it
   */
  async take(olderThanSeconds: number, context: CallContext): Promise<string[]> {
    return this.database.withTransaction(async (tx) => {
      const begun = await this.deleted.expiring(tx);
      const taken = await this.deleted.lockExpired(tx, olderThanSeconds);
      if (taken.length > 0) await this.hideMembers.hideWithin(tx, taken, context);
      return [...taken, ...begun];
    });
  }
}
