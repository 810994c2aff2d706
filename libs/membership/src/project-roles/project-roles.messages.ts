import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { FindProjectRoles } from './find-project-roles.js';
import { GrantAuthority } from './grant-authority.js';
import { PutProjectRole } from './put-project-role.js';
import { RemoveProjectRole } from './remove-project-role.js';

@Injectable()
export class ProjectRolesMessages {
  constructor(
    private readonly database: Database,
    private readonly findRoles: FindProjectRoles,
    private readonly putRole: PutProjectRole,
    private readonly removeRole: RemoveProjectRole,
    private readonly authority: GrantAuthority,
  ) {}

  @Handles(membership.listProjectRoles)
  async list(...[{ projectId }]: HandlerArguments<typeof membership.listProjectRoles>) {
    return { roles: await this.findRoles.list(projectId) };
  }

  @Handles(membership.getProjectRole)
  async get(...[{ projectId, role }]: HandlerArguments<typeof membership.getProjectRole>) {
    return this.findRoles.get(projectId, role);
  }

  @Handles(membership.putProjectRole)
  async put(...[request, context]: HandlerArguments<typeof membership.putProjectRole>) {
    return this.putRole.put(request, context);
  }

  @Handles(membership.removeProjectRole)
  async remove(...[request, context]: HandlerArguments<typeof membership.removeProjectRole>) {
    await this.removeRole.remove(request, context);
    return {};
  }

  @Handles(membership.checkProjectRoles)
  async check(...[{ projectId, roles, held, grantor }]: HandlerArguments<typeof membership.checkProjectRoles>) {
    await this.authority.mayGrant(this.database, projectId, roles.filter((role) => !held.includes(role)), grantor, roles);
    return {};
  }

  @Handles(membership.checkRank)
  async checkRank(...[{ projectId, userId, grantor }]: HandlerArguments<typeof membership.checkRank>) {
    await this.authority.mayDisposeOf(this.database, projectId, userId, grantor);
    return {};
  }
}
