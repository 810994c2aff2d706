import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { MembersRepository } from '../roles/members.repository.js';
import { GrantAuthority } from './grant-authority.js';
import { HeldRolesRepository, type RolesInProject } from './held-roles.repository.js';
import { RolesPush } from './roles-push.js';

@Injectable()
export class SetProjectRoles {
  constructor(
    private readonly database: Database,
    private readonly authority: GrantAuthority,
    private readonly held: HeldRolesRepository,
    private readonly members: MembersRepository,
    private readonly outbox: Outbox,
    private readonly rolesPush: RolesPush,
  ) {}

  /** Replaces the roles of a user at home in the project. @returns the roles as they are now */
  async set(request: RequestOf<typeof membership.setProjectRoles>, context: CallContext): Promise<RolesInProject> {
    const present = await this.write(request, context);
    // Also where nothing changed: somebody who asks again may do so because the copy was not brought.
    await this.rolesPush.push(request.projectId, [present], context);
    return present;
  }

  private async write({ projectId, userId, roles, grantor }: RequestOf<typeof membership.setProjectRoles>, context: CallContext): Promise<RolesInProject> {
    return this.database.withTransaction(async (tx) => {
      const { isNew } = await this.authority.lock(tx, userId, grantor);
      const present = isNew ? { userId: userId.toLowerCase(), version: 0, roles: [] } : (await this.held.describe(tx, projectId, [userId]))[0]!;
      const added = [...new Set(roles)].filter((role) => !present.roles.includes(role));
      const taken = present.roles.filter((role) => !roles.includes(role));
      if (added.length + taken.length === 0) return present;
      await this.authority.mayGrant(tx, projectId, added, grantor, roles);
      if (!isNew) await this.authority.mayDisposeOf(tx, projectId, userId, grantor);
      if (taken.length > 0) await this.held.take(tx, projectId, userId, taken);
      if (added.length > 0) await this.held.add(tx, projectId, userId, added, grantor.actor.id);
      const version = await this.members.bump(tx, userId);
      await this.outbox.append(tx, context, event(membership.rolesChanged, { userId, version, projectId }));
      await auditTrail.append(tx, context, { actor: grantor.actor, action: 'user.roles-changed', target: { type: 'user', id: userId }, projectId, before: taken, after: added });
      return { userId: present.userId, version, roles: [...present.roles.filter((role) => !taken.includes(role)), ...added].sort() };
    });
  }
}
