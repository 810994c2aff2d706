import { Injectable } from '@nestjs/common';
import { membership, permissionsOfProjectRole, projectPermissions, type ProjectPermission, type ProjectRole } from '#libs/contracts';
import type { Queryable, Transaction } from '#libs/platform/database';
import type { FailureDetail } from '#libs/platform/errors';
import { AccessRepository } from '../access/access.repository.js';
import { toAccess } from '../access/get-project-access.js';
import { MembersRepository } from '../roles/members.repository.js';
import { HeldRolesRepository } from './held-roles.repository.js';
import { ProjectRolesRepository } from './project-roles.repository.js';

const { membershipErrors } = membership;

/** Who may hand out what: nobody gives away a permission that they lack, or disposes of somebody who may do more. */
@Injectable()
export class GrantAuthority {
  constructor(
    private readonly access: AccessRepository,
    private readonly members: MembersRepository,
    private readonly held: HeldRolesRepository,
    private readonly roles: ProjectRolesRepository,
  ) {}

  /**
   * Locks whom the change is about, and holds the roles of who makes it. In the order of their ids, so that two who
   * change one another never wait for each other.
   * @returns whether nobody here had heard of the user, who holds no role then
   * @throws Failure `user-not-found` when the user is hidden
   */
  async lock(tx: Transaction, userId: string, { actor }: membership.Grantor): Promise<{ isNew: boolean }> {
    const holdFirst = actor.type === 'user' && actor.id < userId;
    if (holdFirst) await this.held.hold(tx, actor.id);
    const taken = await this.members.take(tx, userId);
    if (taken === 'hidden') throw membershipErrors.failure('user-not-found', 'There is no such user.');
    if (actor.type === 'user' && actor.id > userId) await this.held.hold(tx, actor.id);
    return { isNew: taken === 'new' };
  }

  /** As `lock`, where the change is about nobody in particular. */
  async hold(tx: Transaction, { actor }: membership.Grantor): Promise<void> {
    if (actor.type === 'user') await this.held.hold(tx, actor.id);
  }

  /** What the grantor may do in the project at this moment. */
  async permissionsOf(on: Queryable, projectId: string, { actor, permissions }: membership.Grantor): Promise<ReadonlySet<ProjectPermission>> {
    if (actor.type === 'system') return new Set(projectPermissions);
    if (actor.type === 'credential') return new Set(permissions);
    return new Set(toAccess(await this.access.rolesOnTheWayTo(on, projectId, actor.id)).permissions);
  }

  /** @throws Failure `permission-not-held` when the user may do something in the project that the grantor may not */
  async mayDisposeOf(on: Queryable, projectId: string, userId: string, grantor: membership.Grantor): Promise<void> {
    if (grantor.actor.type === 'user' && grantor.actor.id === userId) return;
    const own = await this.permissionsOf(on, projectId, grantor);
    const { permissions } = toAccess(await this.access.rolesOnTheWayTo(on, projectId, userId));
    const missing = permissions.find((permission) => !own.has(permission));
    if (missing !== undefined) throw membershipErrors.failure('permission-not-held', `The user holds the permission ${missing}, and you don't: only who may do as much as they can change this.`);
  }

  /** @throws Failure `role-unknown`, `permission-not-held`, each with every place: `roles[1]` */
  async mayGrant(on: Queryable, projectId: string, roles: readonly string[], grantor: membership.Grantor, all: readonly string[] = roles): Promise<void> {
    const own = await this.permissionsOf(on, projectId, grantor);
    const defined = new Map((await this.roles.find(on, projectId, roles.filter((role) => !isBuiltIn(role)))).map(({ role, permissions }) => [role, permissions]));
    const unknown: FailureDetail[] = [];
    const excessive: FailureDetail[] = [];
    for (const role of new Set(roles)) {
      const path = `roles[${all.indexOf(role)}]`;
      const permissions = isBuiltIn(role) ? permissionsOfProjectRole[role] : defined.get(role);
      if (permissions === undefined) unknown.push({ path, message: 'is not a role of the project' });
      const missing = permissions?.find((permission) => !own.has(permission));
      if (missing !== undefined) excessive.push({ path, message: `has the permission ${missing}, which you don't hold` });
    }
    if (unknown.length > 0) throw membershipErrors.failure('role-unknown', 'The project has no such role.', { details: unknown });
    if (excessive.length > 0) throw membershipErrors.failure('permission-not-held', 'Nobody hands out a permission that they lack.', { details: excessive });
  }
}

function isBuiltIn(role: string): role is ProjectRole {
  return Object.hasOwn(permissionsOfProjectRole, role);
}
