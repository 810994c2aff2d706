import { Injectable } from '@nestjs/common';
import { membership, permissionsOfProjectRole, projectRoles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { ProjectRolesRepository, type ProjectRoleRow } from './project-roles.repository.js';

@Injectable()
export class FindProjectRoles {
  constructor(
    private readonly database: Database,
    private readonly roles: ProjectRolesRepository,
  ) {}

  async list(projectId: string): Promise<membership.ProjectRoleDefinition[]> {
    return [...builtIn, ...(await this.roles.list(this.database, projectId)).map(toDefinition)];
  }

  async get(projectId: string, role: string): Promise<membership.ProjectRoleDefinition> {
    const found = builtIn.find((one) => one.role === role);
    if (found !== undefined) return found;
    const [row] = await this.roles.find(this.database, projectId, [role]);
    if (row === undefined) throw roleNotFound();
    return toDefinition(row);
  }
}

const builtIn = projectRoles.map((role): membership.ProjectRoleDefinition => ({
  role,
  permissions: [...permissionsOfProjectRole[role]],
  builtIn: true,
  createdAt: null,
  createdBy: null,
  modifiedAt: null,
  modifiedBy: null,
}));

export function toDefinition(row: ProjectRoleRow): membership.ProjectRoleDefinition {
  return { ...row, builtIn: false };
}

export function roleNotFound() {
  return membership.membershipErrors.failure('role-not-found', 'The project has no such role.');
}

/** @throws Failure `role-built-in` */
export function refuseBuiltIn(role: string): void {
  if (membership.builtInRoleNames.has(role)) throw membership.membershipErrors.failure('role-built-in', 'This role is the same in every project and can\'t be changed.');
}
