import { Injectable } from '@nestjs/common';
import { impliedProjectRole, membership, permissionsOfProjectRole, projectPermissions, type ProjectPermission, type ProjectRole } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { ResponseOf } from '#libs/platform/messages';
import { AccessRepository, type HeldRole } from './access.repository.js';

type ProjectAccess = ResponseOf<typeof membership.getProjectAccess>;

@Injectable()
export class GetProjectAccess {
  constructor(
    private readonly database: Database,
    private readonly access: AccessRepository,
  ) {}

  async get(userId: string, projectId: string): Promise<ProjectAccess> {
    const held = await this.access.rolesOnTheWayTo(this.database, projectId, userId);
    const paths = held.flatMap((role) => toPath(role) ?? []);
    const permissions = new Set<ProjectPermission>(paths.flatMap(({ projectRole }) => permissionsOfProjectRole[projectRole]));
    // In the table's order, so that equal access is an equal answer.
    return { paths, permissions: projectPermissions.filter((permission) => permissions.has(permission)) };
  }
}

/** Undefined for a role that implies nothing in a project. */
function toPath({ level, role }: HeldRole): { level: HeldRole['level']; role: string; projectRole: ProjectRole } | undefined {
  const projectRole = level === 'project' ? (role as ProjectRole) : impliedProjectRole[role];
  return projectRole === undefined ? undefined : { level, role, projectRole };
}
