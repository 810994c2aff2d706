import { Injectable } from '@nestjs/common';
import { permissionsAt, permissionsOfLevel, permissionsOfProjectMembers, type membership } from '#libs/contracts';
import { Database, type Queryable } from '#libs/platform/database';
import type { ResponseOf } from '#libs/platform/messages';
import { organisationNotFound } from '../organisations/find-organisation.js';
import { projectNotFound } from '../projects/find-project.js';
import { teamNotFound } from '../teams/find-teams.js';
import { AccessAtRepository, type Standing } from './access-at.repository.js';
import { GetProjectAccess } from './get-project-access.js';

export type Access = ResponseOf<typeof membership.getAccess>;

/** What a user may do at a place, by the permission table. */
@Injectable()
export class GetAccess {
  constructor(
    private readonly database: Database,
    private readonly access: AccessAtRepository,
    private readonly projectAccess: GetProjectAccess,
  ) {}

  /** @throws Failure `organisation-not-found`, `team-not-found`, `project-not-found` */
  async get(userId: string, place: membership.Scope, on: Queryable = this.database): Promise<Access> {
    switch (place.level) {
      case 'deployment':
        return withPermissions('deployment', await this.access.deployment(on, userId));
      case 'organisation': {
        const standing = await this.access.organisation(on, userId, place.organisationId);
        if (standing === undefined) throw organisationNotFound();
        return withPermissions('organisation', standing);
      }
      case 'team': {
        const standing = await this.access.team(on, userId, place.teamId);
        if (standing === undefined) throw teamNotFound();
        return withPermissions('team', standing);
      }
      case 'project': {
        const standing = await this.access.project(on, userId, place.projectId);
        if (standing === undefined) throw projectNotFound();
        return this.inProject(userId, place.projectId, standing, on);
      }
    }
  }

  /** Roles that the project defines itself are in no table: what they allow comes with the paths. */
  private async inProject(userId: string, projectId: string, standing: Standing, on: Queryable): Promise<Access> {
    const { permissions: granted, paths } = await this.projectAccess.get(userId, projectId, on);
    const held = new Set<string>([...permissionsAt('project', standing.roles.map(({ role }) => role)), ...granted, ...(paths.length > 0 ? permissionsOfProjectMembers : [])]);
    return { ...standing, permissions: permissionsOfLevel.project.filter((permission) => held.has(permission)) };
  }
}

function withPermissions(level: 'deployment' | 'organisation' | 'team', standing: Standing): Access {
  return { ...standing, permissions: permissionsAt(level, standing.roles.map(({ role }) => role)) };
}
