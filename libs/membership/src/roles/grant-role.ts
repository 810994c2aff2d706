import { Injectable } from '@nestjs/common';
import { deploymentRoles, membership, organisationRoles, projectRoles, teamRoles } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database, type Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { OrganisationsRepository } from '../organisations/organisations.repository.js';
import { TeamsRepository } from '../teams/teams.repository.js';
import { GrantsRepository } from './grants.repository.js';
import { MembersRepository } from './members.repository.js';

const { membershipErrors } = membership;

type Grant = RequestOf<typeof membership.grantRole>;

const rolesOfLevel: Record<Grant['scope']['level'], readonly string[]> = {
  deployment: deploymentRoles,
  organisation: organisationRoles,
  team: teamRoles,
  project: projectRoles,
};

@Injectable()
export class GrantRole {
  constructor(
    private readonly database: Database,
    private readonly members: MembersRepository,
    private readonly grants: GrantsRepository,
    private readonly organisations: OrganisationsRepository,
    private readonly teams: TeamsRepository,
    private readonly outbox: Outbox,
  ) {}

  /** @returns whether the user's roles changed */
  async grant(request: Grant, context: CallContext): Promise<boolean> {
    const { scope, role, userId } = request;
    if (!rolesOfLevel[scope.level].includes(role)) {
      throw membershipErrors.failure('role-unknown', `The role of a ${scope.level} is one of ${rolesOfLevel[scope.level].join(', ')}.`);
    }
    return this.database.withTransaction(async (tx) => {
      if (!(await this.members.lock(tx, userId))) throw membershipErrors.failure('user-not-found', 'There is no such user.');
      const before = await this.grants.held(tx, userId, scope);
      const granted = await this.write(tx, request);
      if (!granted) return false;
      await this.outbox.append(tx, context, event(membership.rolesChanged, { userId, version: await this.members.bump(tx, userId) }));
      await auditTrail.append(tx, context, { actor: request.actor, action: 'role.granted', target: { type: 'user', id: userId }, ...(await this.placeOf(tx, scope)), before: scope.level === 'project' ? [] : before.map((one) => `role:${one}`), after: [`role:${role}`] });
      return true;
    });
  }

  private async write(tx: Transaction, { scope, role, userId, actor }: Grant): Promise<boolean> {
    switch (scope.level) {
      case 'deployment':
        return this.grants.inDeployment(tx, userId, role, actor.id);
      case 'organisation':
        if (role !== 'org_admin') await this.keepAnAdmin(tx, scope.organisationId, userId);
        return this.grants.inOrganisation(tx, scope.organisationId, userId, role, actor.id);
      case 'team': {
        const team = await this.teams.get(tx, scope.teamId);
        if (team === undefined) throw membershipErrors.failure('team-not-found', 'There is no such team.');
        return this.grants.inTeam(tx, team, userId, role, actor.id);
      }
      case 'project':
        return this.grants.inProject(tx, scope.projectId, userId, role, actor.id);
    }
  }

  private async placeOf(tx: Transaction, scope: Grant['scope']): Promise<{ organisationId?: string; projectId?: string }> {
    switch (scope.level) {
      case 'deployment':
        return {};
      case 'organisation':
        return { organisationId: scope.organisationId };
      case 'team':
        return { organisationId: (await this.teams.get(tx, scope.teamId))!.organisationId };
      case 'project':
        return { projectId: scope.projectId };
    }
  }

  /** The lock makes two demotions at once come one after the other, so that the second sees what the first left. */
  private async keepAnAdmin(tx: Transaction, organisationId: string, userId: string): Promise<void> {
    await this.organisations.lock(tx, organisationId);
    if (await this.grants.isOnlyAdmin(tx, organisationId, userId)) {
      throw membershipErrors.failure('last-org-admin', 'The last org_admin of an organisation keeps the role until there is another.');
    }
  }
}
