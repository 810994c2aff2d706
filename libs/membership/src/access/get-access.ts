import { Injectable } from '@nestjs/common';
import { permissionsAt, permissionsOfLevel, permissionsOfProjectMembers, permissionsOfProjectRole, type Level, type membership, type ProjectRole } from '#libs/contracts';
import { Database, type Queryable } from '#libs/platform/database';
import type { ResponseOf } from '#libs/platform/messages';
import { organisationNotFound } from '../organisations/find-organisation.js';
import { projectNotFound } from '../projects/find-project.js';
import { teamNotFound } from '../teams/find-teams.js';
import { AccessAtRepository, type RoleAtPlace, type Standing } from './access-at.repository.js';

export type Access = ResponseOf<typeof membership.getAccess>;

/** What a user may do at a place, by the permission table. */
@Injectable()
export class GetAccess {
  constructor(
    private readonly database: Database,
    private readonly access: AccessAtRepository,
  ) {}

  /** @throws Failure `organisation-not-found`, `team-not-found`, `project-not-found` */
  async get(userId: string, place: membership.Scope, on: Queryable = this.database): Promise<Access> {
    switch (place.level) {
      case 'deployment':
        return toAccess('deployment', await this.access.deployment(on, userId));
      case 'organisation': {
        const standing = await this.access.organisation(on, userId, place.organisationId);
        if (standing === undefined) throw organisationNotFound();
        return toAccess('organisation', standing);
      }
      case 'team': {
        const standing = await this.access.team(on, userId, place.teamId);
        if (standing === undefined) throw teamNotFound();
        return toAccess('team', standing);
      }
      case 'project': {
        const standing = await this.access.project(on, userId, place.projectId);
        if (standing === undefined) throw projectNotFound();
        return toAccess('project', standing);
      }
    }
  }
}

/** Of the roles on the way those that allow something there, each with what it allows. */
function toAccess(level: Level, standing: Standing): Access {
  const roles = standing.roles.map((held) => ({ level: held.level, role: held.role, permissions: permissionsOf(level, held) })).filter(({ permissions }) => permissions.length > 0);
  return { ...standing, roles, permissions: inOrder(level, roles.flatMap(({ permissions }) => permissions)) };
}

/** Roles that the project defines itself are in no table: what they allow comes with them. */
function permissionsOf(level: Level, { role, permissions: own, atHome }: RoleAtPlace): string[] {
  // A project's own users have no part in its administration, whatever their role is called.
  if (atHome) return inOrder(level, own ?? permissionsOfProjectRole[role as ProjectRole]);
  return own === null ? permissionsAt(level, [role]) : inOrder(level, [...own, ...permissionsOfProjectMembers]);
}

/** In the table's order, so that equal access is an equal answer. */
function inOrder(level: Level, permissions: readonly string[]): string[] {
  return permissionsOfLevel[level].filter((permission) => permissions.includes(permission));
}
