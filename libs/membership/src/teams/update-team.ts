import { Injectable } from '@nestjs/common';
import type { RequestOf, CallContext } from '#libs/platform/messages';
import { membership } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { auditTrail } from '#libs/platform/audit';
import { event, Outbox } from '#libs/platform/events';
import { teamNotFound } from './find-teams.js';
import { TeamsRepository } from './teams.repository.js';

@Injectable()
export class UpdateTeam {
  constructor(
    private readonly database: Database,
    private readonly teams: TeamsRepository,
    private readonly outbox: Outbox,
  ) {}

  /** @returns the team as it is now; where it is already as wanted nothing is written and nothing told */
  async update({ teamId, name, actor }: RequestOf<typeof membership.updateTeam>, context: CallContext): Promise<membership.Team> {
    return this.database.withTransaction(async (tx) => {
      const present = await this.teams.lock(tx, teamId, 'change');
      if (present === undefined) throw teamNotFound();
      if (name === undefined || name === present.name) return present;
      const updated = await this.teams.rename(tx, present, name, actor.id);
      await auditTrail.append(tx, context, { actor, action: 'team.changed', target: { type: 'team', id: teamId }, organisationId: present.organisationId, before: ['name'], after: ['name'] });
      await this.outbox.append(tx, context, event(membership.teamChanged, { teamId, organisationId: present.organisationId, changed: ['name'] }));
      return updated;
    });
  }
}
