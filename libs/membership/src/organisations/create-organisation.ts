import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import { Idempotency } from '#libs/platform/idempotency';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { refuseReservedSlug } from './reserved-slugs.js';
import { OrganisationsRepository } from './organisations.repository.js';

@Injectable()
export class CreateOrganisation {
  constructor(
    private readonly database: Database,
    private readonly organisations: OrganisationsRepository,
    private readonly outbox: Outbox,
    private readonly idempotency: Idempotency,
  ) {}

  async create({ actor, ...wanted }: RequestOf<typeof membership.createOrganisation>, context: CallContext): Promise<membership.Organisation> {
    refuseReservedSlug(wanted.slug);
    return this.database.withTransaction((tx) =>
      this.idempotency.once(tx, context, {
        work: async (): Promise<membership.Organisation> => {
          const created = await this.organisations.insert(tx, wanted, actor.id);
          if (created !== undefined) {
            await this.outbox.append(tx, context, event(membership.organisationCreated, { organisationId: wanted.organisationId }));
            await auditTrail.append(tx, context, { actor, action: 'organisation.created', target: { type: 'organisation', id: wanted.organisationId }, organisationId: wanted.organisationId, after: ['name', 'slug'] });
            return created;
          }
          const present = await this.organisations.get(tx, wanted.organisationId);
          if (present === undefined) throw membership.membershipErrors.failure('slug-taken', 'Another organisation has this slug.', { details: [{ path: 'slug', message: 'is taken' }] });
          return present;
        },
        refer: (made) => ({ organisationId: made.organisationId }),
        again: async (made) => {
          const present = await this.organisations.get(tx, made.organisationId);
          if (present === undefined) throw membership.membershipErrors.failure('organisation-not-found', 'The organisation that this request made was deleted.');
          return present;
        },
      }),
    );
  }
}
