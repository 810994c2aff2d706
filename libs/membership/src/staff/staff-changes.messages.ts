import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { ChangeStaff } from './change-staff.js';
import { DeletedStaffRepository } from './deleted-staff.repository.js';
import { DeleteStaff } from './delete-staff.js';
import { StaffAuthority } from './staff-authority.js';
import { TakeExpiredStaff } from './take-expired-staff.js';

@Injectable()
export class StaffChangesMessages {
  constructor(
    private readonly database: Database,
    private readonly authority: StaffAuthority,
    private readonly changeStaff: ChangeStaff,
    private readonly deleteStaff: DeleteStaff,
    private readonly deleted: DeletedStaffRepository,
    private readonly takeExpiredStaff: TakeExpiredStaff,
  ) {}

  @Handles(membership.authoriseStaffChange)
  async authorise(...[{ userId, viewer, change }]: HandlerArguments<typeof membership.authoriseStaffChange>) {
    await this.authority.mayChange(this.database, userId, viewer, change);
    return {};
  }

  @Handles(membership.changeStaff)
  async change(...[request, context]: HandlerArguments<typeof membership.changeStaff>) {
    return { hasStatus: await this.changeStaff.change(request, context) };
  }

  @Handles(membership.deleteStaff)
  async delete(...[request, context]: HandlerArguments<typeof membership.deleteStaff>) {
    await this.deleteStaff.delete(request, context);
    return {};
  }

  @Handles(membership.restoreStaff)
  async restore(...[request, context]: HandlerArguments<typeof membership.restoreStaff>) {
    await this.deleteStaff.restore(request, context);
    return {};
  }

  @Handles(membership.isStaffDeleted)
  async isDeleted(...[{ userId }]: HandlerArguments<typeof membership.isStaffDeleted>) {
    return { deleted: await this.deleted.isDeleted(this.database, userId) };
  }

  @Handles(membership.takeExpiredStaff)
  async takeExpired(...[{ olderThanSeconds }, context]: HandlerArguments<typeof membership.takeExpiredStaff>) {
    return { users: await this.takeExpiredStaff.take(olderThanSeconds, context) };
  }
}
