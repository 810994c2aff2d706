import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { RefreshDirectory } from '../directory/refresh-directory.js';
import { FindStaff } from './find-staff.js';
import { ListStaff } from './list-staff.js';

@Injectable()
export class StaffMessages {
  constructor(
    private readonly listStaff: ListStaff,
    private readonly findStaff: FindStaff,
    private readonly refreshDirectory: RefreshDirectory,
  ) {}

  @Handles(membership.listStaff)
  async list(...[request]: HandlerArguments<typeof membership.listStaff>) {
    return this.listStaff.list(request);
  }

  @Handles(membership.getStaffMember)
  async get(...[{ userId, viewer }]: HandlerArguments<typeof membership.getStaffMember>) {
    return this.findStaff.get(userId, viewer);
  }

  @Handles(membership.refreshDirectory)
  async refresh(...[{ userIds }, context]: HandlerArguments<typeof membership.refreshDirectory>) {
    await this.refreshDirectory.refresh(userIds, context);
    return {};
  }
}
