import { Injectable } from '@nestjs/common';
import { impliedProjectRole, membership, permissionsOfProjectRole, projectPermissions, type ProjectPermission, type ProjectRole } from '#libs/contracts';
import { Database, type Queryable } from '#libs/platform/database';
import type { ResponseOf } from '#libs/platform/messages';
import { AccessRepository, type HeldRole } from './access.repository.js';

type ProjectAccess = ResponseOf<typeof membership.getProjectAccess>;

@Injectable()
export class GetProjectAccess {
  constructor(
    private readonly database: Database,
    private readonly access: AccessRepository,
  ) {}

  async get(userId: string, projectId: string, on: Queryable = this.database): Promise<ProjectAccess> {
    return toAccess(await this.access.rolesOnTheWayTo(on, projectId, userId));
  }
}

/** What roles that lie on the way to a project let their holder do there. */
export function toAccess(held: readonly HeldRole[]): ProjectAccess {
  const reaching = held.flatMap((role) => reach(role) ?? []);
  const permissions = new Set(reaching.flatMap(({ permissions: ofRole }) => ofRole));
  // In the table's order, so that equal access is an equal answer.
  return { paths: reaching.map(({ path }) => path), permissions: projectPermissions.filter((permission) => permissions.has(permission)) };
}

/** Undefined for a role that implies nothing in a project. */
function reach({ level, role, permissions }: HeldRole): { path: ProjectAccess['paths'][number]; permissions: readonly ProjectPermission[] } | undefined {
  if (permissions !== null) return { path: { level, role, projectRole: role }, permissions };
  const projectRole = level === 'project' ? (role as ProjectRole) : impliedProjectRole[role];
  return projectRole === undefined ? undefined : { path: { level, role, projectRole }, permissions: permissionsOfProjectRole[projectRole] };
}
