import { Injectable } from '@nestjs/common';
import { impliedProjectRole, membership } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database, sharedRead } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { MembersRepository } from '../roles/members.repository.js';
import { Departures } from '../staff/departures.js';
import { GrantAuthority } from './grant-authority.js';
import { HeldRolesRepository } from './held-roles.repository.js';

const { membershipErrors } = membership;

/** Those who have roles in a project and are at home elsewhere: few, and listed whole. */
@Injectable()
export class ProjectStaff {
  /** Every list of a project's users needs them. */
  private readonly read = sharedRead((projectId) => this.held.staff(this.database, projectId));

  constructor(
    private readonly database: Database,
    private readonly authority: GrantAuthority,
    private readonly held: HeldRolesRepository,
    private readonly members: MembersRepository,
    private readonly outbox: Outbox,
    private readonly departures: Departures,
  ) {}

  /** In the order of their ids. */
  async list(projectId: string): Promise<membership.ProjectStaffMember[]> {
    const byUser = new Map<string, { roles: Set<string>; direct: string[] }>();
    for (const { userId, level, role } of await this.read(projectId)) {
      const own = byUser.get(userId) ?? { roles: new Set(), direct: [] };
      own.roles.add(level === 'project' ? role : impliedProjectRole[role]!);
      if (level === 'project') own.direct.push(role);
      byUser.set(userId, own);
    }
    return [...byUser].map(([userId, { roles, direct }]) => ({ userId, roles: [...roles].sort(), direct }));
  }

  /** Takes what was given in the project itself; what comes from further up is taken there. */
  async remove({ projectId, userId, grantor }: RequestOf<typeof membership.removeStaffFromProject>, context: CallContext): Promise<void> {
    await this.database.withTransaction(async (tx) => {
      await this.authority.lock(tx, userId, grantor);
      const direct = (await this.held.describe(tx, projectId, [userId]))[0]!.roles;
      if (direct.length === 0) throw membershipErrors.failure('role-implied', 'Their role in the project comes from their team, organisation or the deployment, and is taken there.');
      await this.authority.mayDisposeOf(tx, projectId, userId, grantor);
      await this.held.take(tx, projectId, userId, direct);
      await this.outbox.append(tx, context, event(membership.rolesChanged, { userId, version: await this.members.bump(tx, userId) }));
      await auditTrail.append(tx, context, { actor: grantor.actor, action: 'user.roles-changed', target: { type: 'user', id: userId }, projectId, before: direct });
      await this.departures.within(tx, [userId], { actor: grantor.actor, organisationId: null }, context);
    });
  }
}
