import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import { Idempotency } from '#libs/platform/idempotency';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { TeamsRepository } from './teams.repository.js';

@Injectable()
export class CreateTeam {
  constructor(
    private readonly database: Database,
    private readonly teams: TeamsRepository,
    private readonly outbox: Outbox,
    private readonly idempotency: Idempotency,
  ) {}

  async create({ actor, ...wanted }: RequestOf<typeof membership.createTeam>, context: CallContext): Promise<membership.Team> {
    return this.database.withTransaction((tx) =>
      this.idempotency.once(tx, context, {
        work: async (): Promise<membership.Team> => {
          const created = await this.teams.insert(tx, wanted, actor.id);
          if (created !== undefined) {
            await this.outbox.append(tx, context, event(membership.teamCreated, { teamId: wanted.teamId, organisationId: wanted.organisationId }));
            await auditTrail.append(tx, context, { actor, action: 'team.created', target: { type: 'team', id: wanted.teamId }, organisationId: wanted.organisationId, after: ['name'] });
            return created;
          }
          const present = await this.teams.get(tx, wanted.teamId);
          if (present === undefined) throw membership.membershipErrors.failure('team-name-taken', 'Another team of the organisation has this name.');
          return present;
        },
        refer: (made) => ({ teamId: made.teamId }),
        again: async (made) => {
          const present = await this.teams.get(tx, made.teamId);
          if (present === undefined) throw membership.membershipErrors.failure('team-not-found', 'The team that this request made was deleted.');
          return present;
        },
      }),
    );
  }
}
