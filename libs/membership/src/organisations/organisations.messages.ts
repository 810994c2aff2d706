import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { CreateOrganisation } from './create-organisation.js';
import { FindOrganisation } from './find-organisation.js';

@Injectable()
export class OrganisationsMessages {
  constructor(
    private readonly createOrganisation: CreateOrganisation,
    private readonly findOrganisation: FindOrganisation,
  ) {}

  @Handles(membership.createOrganisation)
  async create(...[request, context]: HandlerArguments<typeof membership.createOrganisation>) {
    return this.createOrganisation.create(request, context);
  }

  @Handles(membership.findOrganisation)
  async find(...[{ slug }]: HandlerArguments<typeof membership.findOrganisation>) {
    return this.findOrganisation.find(slug);
  }

  @Handles(membership.getOrganisation)
  async get(...[{ organisationId }]: HandlerArguments<typeof membership.getOrganisation>) {
    return this.findOrganisation.get(organisationId);
  }
}
