import { Injectable } from '@nestjs/common';
import { membership, profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { auditTrail } from '#libs/platform/audit';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { EndedRoles } from '../roles/ended-roles.js';
import { projectNotFound } from './find-project.js';
import { ProjectsRepository } from './projects.repository.js';

@Injectable()
export class DeleteProject {
  constructor(
    private readonly database: Database,
    private readonly projects: ProjectsRepository,
    private readonly endedRoles: EndedRoles,
    private readonly outbox: Outbox,
    private readonly rpc: RpcClient,
  ) {}

  async delete({ projectId, actor }: RequestOf<typeof membership.deleteProject>, context: CallContext): Promise<void> {
    if ((await this.projects.get(this.database, projectId)) === undefined) throw projectNotFound();
    const { hasUsers } = await this.rpc.call(profiles.describeRealm, { realmId: projectId }, context);
    if (hasUsers) throw membership.membershipErrors.failure('project-in-use', 'The project still has users: erase them first.');
    await this.database.withTransaction(async (tx) => {
      const project = await this.projects.lock(tx, projectId, 'delete');
      if (project === undefined) throw projectNotFound();
      await this.endedRoles.ofProject(tx, project, actor, context);
      await this.projects.remove(tx, projectId);
      await auditTrail.append(tx, context, { actor, action: 'project.deleted', target: { type: 'project', id: projectId }, organisationId: project.organisationId });
      await this.outbox.append(tx, context, event(membership.projectDeleted, { projectId, organisationId: project.organisationId }));
    });
  }
}
