import { Injectable } from '@nestjs/common';
import { membership, projectPermissions } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { refuseBuiltIn, toDefinition } from './find-project-roles.js';
import { GrantAuthority } from './grant-authority.js';
import { ProjectRolesRepository } from './project-roles.repository.js';

const { membershipErrors } = membership;

@Injectable()
export class PutProjectRole {
  constructor(
    private readonly database: Database,
    private readonly authority: GrantAuthority,
    private readonly roles: ProjectRolesRepository,
    private readonly outbox: Outbox,
  ) {}

  async put({ projectId, role, permissions, grantor }: RequestOf<typeof membership.putProjectRole>, context: CallContext): Promise<membership.ProjectRoleDefinition> {
    refuseBuiltIn(role);
    if (membership.reservedRoleNames.has(role)) throw membershipErrors.failure('role-reserved', 'This is the name of a role above projects: choose another one.');
    // In the table's order and each once, so that the same permissions are no change.
    const wanted = projectPermissions.filter((permission) => permissions.includes(permission));
    return this.database.withTransaction(async (tx) => {
      if (!(await this.roles.lockProject(tx, projectId))) throw membershipErrors.failure('project-not-found', 'There is no such project.');
      await this.authority.hold(tx, grantor);
      const own = await this.authority.permissionsOf(tx, projectId, grantor);
      const details = permissions.flatMap((permission, index) => (own.has(permission) ? [] : [{ path: `permissions[${index}]`, message: 'is not yours to give: you don\'t hold it' }]));
      if (details.length > 0) throw membershipErrors.failure('permission-not-held', 'Nobody hands out a permission that they lack.', { details });
      const present = await this.roles.list(tx, projectId);
      if (present.length >= membership.mostProjectRoles && !present.some((one) => one.role === role)) {
        throw membershipErrors.failure('role-limit', `A project defines ${membership.mostProjectRoles} roles at the most.`);
      }
      if (await this.roles.put(tx, projectId, role, wanted, grantor.actor.id)) {
        await this.outbox.append(tx, context, event(membership.projectRoleChanged, { projectId, role }));
        const isNew = !present.some((one) => one.role === role);
        await auditTrail.append(tx, context, { actor: grantor.actor, action: isNew ? 'role.created' : 'role.changed', target: { type: 'role', id: role }, projectId, before: isNew ? [] : ['permissions'], after: ['permissions'] });
      }
      const [row] = await this.roles.find(tx, projectId, [role]);
      return toDefinition(row!);
    });
  }
}
