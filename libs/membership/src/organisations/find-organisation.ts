import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import type { Failure } from '#libs/platform/errors';
import { Database } from '#libs/platform/database';
import { OrganisationsRepository } from './organisations.repository.js';

@Injectable()
export class FindOrganisation {
  constructor(
    private readonly database: Database,
    private readonly organisations: OrganisationsRepository,
  ) {}

  async find(slug: string): Promise<membership.Organisation> {
    // What can't be a slug is not asked for: it may hold bytes that Postgres takes for an error.
    const organisation = membership.slug.safeParse(slug).success ? await this.organisations.findBySlug(this.database, slug) : undefined;
    return found(organisation);
  }

  async get(organisationId: string): Promise<membership.Organisation> {
    return found(await this.organisations.get(this.database, organisationId));
  }
}

function found(organisation: membership.Organisation | undefined): membership.Organisation {
  if (organisation === undefined) throw organisationNotFound();
  return organisation;
}

export function organisationNotFound(): Failure {
  return membership.membershipErrors.failure('organisation-not-found', 'There is no such organisation.');
}
