import { Injectable } from '@nestjs/common';
import type { membership } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { newestFirst } from '../paging/newest-first.js';
import { PageCursors } from '../paging/page-cursors.js';
import { OrganisationsRepository } from './organisations.repository.js';

type Listing = RequestOf<typeof membership.listOrganisations>;

@Injectable()
export class ListOrganisations {
  constructor(
    private readonly database: Database,
    private readonly organisations: OrganisationsRepository,
    private readonly cursors: PageCursors,
  ) {}

  async list({ of, ...page }: Listing): Promise<ResponseOf<typeof membership.listOrganisations>> {
    const { rows, nextCursor } = await newestFirst(this.cursors, ['organisations', of], page, (before, limit) => this.read(of, before, limit), ({ organisationId }) => organisationId);
    return { organisations: rows, nextCursor };
  }

  private async read(of: Listing['of'], before: string, limit: number): Promise<membership.Organisation[]> {
    switch (of.kind) {
      case 'all':
        return this.organisations.list(this.database, before, limit);
      case 'member':
        return this.organisations.listOfMember(this.database, of.userId, before, limit);
      case 'one': {
        const organisation = await this.organisations.get(this.database, of.organisationId);
        return organisation === undefined || organisation.organisationId >= before ? [] : [organisation];
      }
    }
  }
}
