import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { CreateOrganisation } from './create-organisation.js';
import { DeleteOrganisation } from './delete-organisation.js';
import { FindOrganisation } from './find-organisation.js';
import { ListOrganisations } from './list-organisations.js';
import { UpdateOrganisation } from './update-organisation.js';

@Injectable()
export class OrganisationsMessages {
  constructor(
    private readonly createOrganisation: CreateOrganisation,
    private readonly findOrganisation: FindOrganisation,
    private readonly listOrganisations: ListOrganisations,
    private readonly updateOrganisation: UpdateOrganisation,
    private readonly deleteOrganisation: DeleteOrganisation,
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

  @Handles(membership.listOrganisations)
  async list(...[request]: HandlerArguments<typeof membership.listOrganisations>) {
    return this.listOrganisations.list(request);
  }

  @Handles(membership.updateOrganisation)
  async update(...[request, context]: HandlerArguments<typeof membership.updateOrganisation>) {
    return this.updateOrganisation.update(request, context);
  }

  @Handles(membership.deleteOrganisation)
  async delete(...[request, context]: HandlerArguments<typeof membership.deleteOrganisation>) {
    await this.deleteOrganisation.delete(request, context);
    return {};
  }
}
