import { Injectable } from '@nestjs/common';
import { membership, profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { auditTrail } from '#libs/platform/audit';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { ClosedPlaces } from '../organisations/closed-places.js';
import { EndedRoles } from '../roles/ended-roles.js';
import { projectNotFound } from './find-project.js';
import { ProjectsRepository } from './projects.repository.js';

/** Roles of one transaction. */
const rolesAtOnce = 1_000;

@Injectable()
export class DeleteProject {
  constructor(
    private readonly database: Database,
    private readonly projects: ProjectsRepository,
    private readonly endedRoles: EndedRoles,
    private readonly closedPlaces: ClosedPlaces,
    private readonly outbox: Outbox,
    private readonly rpc: RpcClient,
  ) {}

  /**
   * Broken off while the roles of users end, the project is there as before, and asking again goes on. What other services hold
   * of it they clear by the event.
   */
  async delete({ projectId, eraseUsers, actor }: RequestOf<typeof membership.deleteProject>, context: CallContext): Promise<void> {
    if ((await this.projects.get(this.database, projectId)) === undefined) throw projectNotFound();
    if (eraseUsers) await this.endRolesOfUsers(projectId, context);
    else await this.mustHaveNoUsers(projectId, context);
    const organisationId = await this.database.withTransaction(async (tx) => {
      const project = await this.projects.lock(tx, projectId, 'delete');
      if (project === undefined) throw projectNotFound();
      await this.endedRoles.ofProject(tx, project, actor, context);
      await this.projects.remove(tx, projectId);
      await auditTrail.append(tx, context, { actor, action: 'project.deleted', target: { type: 'project', id: projectId }, organisationId: project.organisationId, before: eraseUsers ? ['users'] : [] });
      await this.outbox.append(tx, context, event(membership.projectDeleted, { projectId, organisationId: project.organisationId }));
      return project.organisationId;
    });
    await this.closedPlaces.follow({ level: 'project', placeId: projectId, organisationId }, context);
  }

  private async mustHaveNoUsers(projectId: string, context: CallContext): Promise<void> {
    const { hasUsers } = await this.rpc.call(profiles.describeRealm, { realmId: projectId }, context);
    if (hasUsers) throw membership.membershipErrors.failure('project-in-use', 'The project still has users: erase them first, or say that they are to be erased with it.');
  }

  /** Any number of users may have any number of roles: not in the one transaction that others wait for. */
  private async endRolesOfUsers(projectId: string, context: CallContext): Promise<void> {
    while (await this.database.withTransaction((tx) => this.endedRoles.someAtHome(tx, projectId, rolesAtOnce, context))) continue;
  }
}
