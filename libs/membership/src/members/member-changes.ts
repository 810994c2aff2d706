import { Injectable } from '@nestjs/common';
import { membership, type Actor } from '#libs/contracts';
import type { Transaction } from '#libs/platform/database';
import { auditTrail } from '#libs/platform/audit';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext } from '#libs/platform/messages';
import { RefreshDirectory } from '../directory/refresh-directory.js';
import { HeldRolesRepository } from '../project-roles/held-roles.repository.js';
import { GrantsRepository } from '../roles/grants.repository.js';
import { MembersRepository } from '../roles/members.repository.js';
import { userNotFound } from '../staff/find-staff.js';
import { GivenRolesRepository } from './given-roles.repository.js';

/** What every change of somebody's roles does before and after it. */
@Injectable()
export class MemberChanges {
  constructor(
    private readonly members: MembersRepository,
    private readonly held: HeldRolesRepository,
    private readonly grants: GrantsRepository,
    private readonly given: GivenRolesRepository,
    private readonly refreshDirectory: RefreshDirectory,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Locks whom the change is about, and holds the roles of who makes it, so that two who change one another at once come
   * one after the other. In the order of their ids, so that they never wait for each other.
   * @throws Failure `user-not-found`
   */
  async lock(tx: Transaction, userId: string, actor: Actor): Promise<void> {
    if (!(await this.given.exists(tx, userId))) throw userNotFound();
    const holdFirst = actor.type === 'user' && actor.id < userId;
    if (holdFirst) await this.held.hold(tx, actor.id);
    if (!(await this.members.lock(tx, userId))) throw userNotFound();
    if (actor.type === 'user' && actor.id > userId) await this.held.hold(tx, actor.id);
  }

  /** Ask it with the organisation locked. @throws Failure `last-org-admin` */
  async keepAnAdmin(tx: Transaction, organisationId: string, userId: string): Promise<void> {
    if (await this.grants.isOnlyAdmin(tx, organisationId, userId)) {
      throw membership.membershipErrors.failure('last-org-admin', 'The last org_admin of an organisation keeps the role until there is another.');
    }
  }

  /** That the user's roles changed, who did it and where. */
  async tell(tx: Transaction, userId: string, what: { action: 'role.granted' | 'role.revoked' | 'membership.changed'; actor: Actor; organisationId: string; projectId: string | null; before: readonly string[]; after: readonly string[] }, context: CallContext): Promise<void> {
    const { action, actor, organisationId, projectId, before, after } = what;
    await auditTrail.append(tx, context, { actor, action, target: { type: 'user', id: userId }, ...(projectId === null ? { organisationId } : { projectId }), before, after });
    await this.outbox.append(tx, context, event(membership.rolesChanged, { userId, version: await this.members.bump(tx, userId) }));
  }

  /** After the commit: whoever has a role appears in lists under their name. */
  async follow(userId: string, context: CallContext): Promise<void> {
    await this.refreshDirectory.follow([userId], context);
  }
}
