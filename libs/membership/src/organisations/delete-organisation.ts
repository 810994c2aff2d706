import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { auditTrail } from '#libs/platform/audit';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { EndedRoles } from '../roles/ended-roles.js';
import { organisationNotFound } from './find-organisation.js';
import { ClosedPlaces } from './closed-places.js';
import { OrganisationsRepository } from './organisations.repository.js';

@Injectable()
export class DeleteOrganisation {
  constructor(
    private readonly database: Database,
    private readonly organisations: OrganisationsRepository,
    private readonly endedRoles: EndedRoles,
    private readonly closedPlaces: ClosedPlaces,
    private readonly outbox: Outbox,
  ) {}

  async delete({ organisationId, actor }: RequestOf<typeof membership.deleteOrganisation>, context: CallContext): Promise<void> {
    await this.database.withTransaction(async (tx) => {
      if (!(await this.organisations.lockToDelete(tx, organisationId))) throw organisationNotFound();
      const { projects, teams } = await this.organisations.contents(tx, organisationId);
      if (projects + teams > 0) {
        const inTheWay = [...(projects > 0 ? [counted(projects, 'project')] : []), ...(teams > 0 ? [counted(teams, 'team')] : [])].join(' and ');
        throw membership.membershipErrors.failure('organisation-in-use', `The organisation still has ${inTheWay}: delete them first.`);
      }
      await this.endedRoles.ofOrganisation(tx, organisationId, actor, context);
      await this.organisations.remove(tx, organisationId);
      await auditTrail.append(tx, context, { actor, action: 'organisation.deleted', target: { type: 'organisation', id: organisationId }, organisationId });
      await this.outbox.append(tx, context, event(membership.organisationDeleted, { organisationId }));
    });
    await this.closedPlaces.follow({ level: 'organisation', placeId: organisationId, organisationId }, context);
  }
}

export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
