import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { RefreshDirectory } from '../directory/refresh-directory.js';
import { AwaitedStaff } from './awaited-staff.js';
import { FindStaff } from './find-staff.js';
import { ListStaff } from './list-staff.js';

@Injectable()
export class StaffMessages {
  constructor(
    private readonly listStaff: ListStaff,
    private readonly findStaff: FindStaff,
    private readonly awaitedStaff: AwaitedStaff,
    private readonly refreshDirectory: RefreshDirectory,
  ) {}

  @Handles(membership.listStaff)
  async list(...[request, context]: HandlerArguments<typeof membership.listStaff>) {
    const { users, nextCursor } = await this.listStaff.list(request);
    return { users: await this.awaitedStaff.withMails(users, request.viewer, context), nextCursor };
  }

  @Handles(membership.getStaffMember)
  async get(...[{ userId, viewer }, context]: HandlerArguments<typeof membership.getStaffMember>) {
    const member = await this.findStaff.get(userId, viewer);
    return (await this.awaitedStaff.withMails([member], viewer, context))[0]!;
  }

  @Handles(membership.refreshDirectory)
  async refresh(...[{ userIds }, context]: HandlerArguments<typeof membership.refreshDirectory>) {
    await this.refreshDirectory.refresh(userIds, context);
    return {};
  }
}
