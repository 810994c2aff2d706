import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { GetAccess } from './get-access.js';
import { GetProjectAccess } from './get-project-access.js';
import { GetStaffRoles } from './get-staff-roles.js';

@Injectable()
export class AccessMessages {
  constructor(
    private readonly getAccess: GetAccess,
    private readonly getProjectAccess: GetProjectAccess,
    private readonly getStaffRoles: GetStaffRoles,
  ) {}

  @Handles(membership.getAccess)
  async at(...[{ userId, place }]: HandlerArguments<typeof membership.getAccess>) {
    return this.getAccess.get(userId, place);
  }

  @Handles(membership.getProjectAccess)
  async project(...[{ userId, projectId }]: HandlerArguments<typeof membership.getProjectAccess>) {
    return this.getProjectAccess.get(userId, projectId);
  }

  @Handles(membership.getStaffRoles)
  async staff(...[{ userId }]: HandlerArguments<typeof membership.getStaffRoles>) {
    return this.getStaffRoles.get(userId);
  }
}
