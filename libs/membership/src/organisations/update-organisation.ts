import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { auditTrail } from '#libs/platform/audit';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { organisationNotFound } from './find-organisation.js';
import { OrganisationsRepository } from './organisations.repository.js';
import { refuseReservedSlug } from './reserved-slugs.js';

@Injectable()
export class UpdateOrganisation {
  constructor(
    private readonly database: Database,
    private readonly organisations: OrganisationsRepository,
    private readonly outbox: Outbox,
  ) {}

  /** @returns the organisation as it is now; where it is already as wanted nothing is written and nothing told */
  async update({ organisationId, actor, name, slug }: RequestOf<typeof membership.updateOrganisation>, context: CallContext): Promise<membership.Organisation> {
    if (slug !== undefined) refuseReservedSlug(slug);
    return this.database.withTransaction(async (tx) => {
      const present = await this.organisations.lock(tx, organisationId);
      if (present === undefined) throw organisationNotFound();
      const wanted = { ...present, name: name ?? present.name, slug: slug ?? present.slug };
      const changed = (['name', 'slug'] as const).filter((field) => wanted[field] !== present[field]);
      if (changed.length === 0) return present;
      const updated = await this.organisations.update(tx, wanted, actor.id);
      await auditTrail.append(tx, context, { actor, action: 'organisation.changed', target: { type: 'organisation', id: organisationId }, organisationId, before: changed, after: changed });
      await this.outbox.append(tx, context, event(membership.organisationChanged, { organisationId, changed }));
      return updated;
    });
  }
}
