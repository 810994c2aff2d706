import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { refuseBuiltIn, roleNotFound } from './find-project-roles.js';
import { ProjectRolesRepository, roleHeld } from './project-roles.repository.js';

@Injectable()
export class RemoveProjectRole {
  constructor(
    private readonly database: Database,
    private readonly roles: ProjectRolesRepository,
    private readonly outbox: Outbox,
  ) {}

  /** Not from under those who hold it: nobody is to lose access by a tidying-up elsewhere. */
  async remove({ projectId, role, actor }: RequestOf<typeof membership.removeProjectRole>, context: CallContext): Promise<void> {
    refuseBuiltIn(role);
    if (!membership.projectRoleName.safeParse(role).success) throw roleNotFound();
    await this.database.withTransaction(async (tx) => {
      if (!(await this.roles.lock(tx, projectId, role))) throw roleNotFound();
      const holders = await this.roles.holders(tx, projectId, role);
      if (holders > 0) throw roleHeld(holders);
      await this.roles.remove(tx, projectId, role);
      await this.outbox.append(tx, context, event(membership.projectRoleRemoved, { projectId, role }));
      await auditTrail.append(tx, context, { actor, action: 'role.removed', target: { type: 'role', id: role }, projectId, before: ['permissions'] });
    });
  }
}
