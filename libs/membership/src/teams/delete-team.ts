import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { auditTrail } from '#libs/platform/audit';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { counted } from '../organisations/delete-organisation.js';
import { EndedRoles } from '../roles/ended-roles.js';
import { teamNotFound } from './find-teams.js';
import { TeamsRepository } from './teams.repository.js';

@Injectable()
export class DeleteTeam {
  constructor(
    private readonly database: Database,
    private readonly teams: TeamsRepository,
    private readonly endedRoles: EndedRoles,
    private readonly outbox: Outbox,
  ) {}

  async delete({ teamId, actor }: RequestOf<typeof membership.deleteTeam>, context: CallContext): Promise<void> {
    await this.database.withTransaction(async (tx) => {
      const team = await this.teams.lock(tx, teamId, 'delete');
      if (team === undefined) throw teamNotFound();
      const projects = await this.teams.countProjects(tx, team);
      if (projects > 0) {
        throw membership.membershipErrors.failure('team-in-use', `The team still has ${counted(projects, 'project')}: take them out of the team or delete them first.`);
      }
      await this.endedRoles.ofTeam(tx, team, actor, context);
      await this.teams.remove(tx, team);
      await auditTrail.append(tx, context, { actor, action: 'team.deleted', target: { type: 'team', id: teamId }, organisationId: team.organisationId });
      await this.outbox.append(tx, context, event(membership.teamDeleted, { teamId, organisationId: team.organisationId }));
    });
  }
}
