import { Injectable } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import type { CallContext } from '#libs/platform/messages';
import { HideMembers } from '../erasure/hide-members.js';
import { MembersRepository } from '../roles/members.repository.js';
import { DeletedStaffRepository } from './deleted-staff.repository.js';

/** Deleted people whose time to be restored is over. */
@Injectable()
export class TakeExpiredStaff {
  constructor(
    private readonly database: Database,
    private readonly deleted: DeletedStaffRepository,
    private readonly hideMembers: HideMembers,
    private readonly members: MembersRepository,
  ) {}

  /**
   * Hides them, as their erasure would: from then on nobody restores them, so that nobody is erased who was back a moment before.
   * @returns them, each with the organisations they belong to, or belonged to last, and others who were taken earlier and are not erased yet: whoever took those may have died before they asked for it
   */
  async take(olderThanSeconds: number, context: CallContext): Promise<{ userId: string; organisationIds: string[] }[]> {
    return this.database.withTransaction(async (tx) => {
      const begun = await this.deleted.expiring(tx);
      const taken = await this.deleted.lockExpired(tx, olderThanSeconds);
      if (taken.length > 0) await this.hideMembers.hideWithin(tx, taken, context);
      const userIds = [...new Set([...taken, ...begun])];
      const organisations = await this.members.organisations(tx, userIds);
      return userIds.map((userId) => ({ userId, organisationIds: organisations.filter((one) => one.userId === userId).map(({ organisationId }) => organisationId) }));
    });
  }
}
