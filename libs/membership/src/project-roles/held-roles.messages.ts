import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { HeldRolesRepository } from './held-roles.repository.js';
import { ProjectStaff } from './project-staff.js';
import { SetProjectRoles } from './set-project-roles.js';

@Injectable()
export class HeldRolesMessages {
  constructor(
    private readonly database: Database,
    private readonly setRoles: SetProjectRoles,
    private readonly held: HeldRolesRepository,
    private readonly staff: ProjectStaff,
  ) {}

  @Handles(membership.setProjectRoles)
  async set(...[request, context]: HandlerArguments<typeof membership.setProjectRoles>) {
    return this.setRoles.set(request, context);
  }

  @Handles(membership.describeProjectRoles)
  async describe(...[{ projectId, userIds }]: HandlerArguments<typeof membership.describeProjectRoles>) {
    return { users: await this.held.describe(this.database, projectId, userIds) };
  }

  @Handles(membership.listProjectStaff)
  async listStaff(...[{ projectId }]: HandlerArguments<typeof membership.listProjectStaff>) {
    return { staff: await this.staff.list(projectId) };
  }

  @Handles(membership.removeStaffFromProject)
  async removeStaff(...[request, context]: HandlerArguments<typeof membership.removeStaffFromProject>) {
    await this.staff.remove(request, context);
    return {};
  }
}
