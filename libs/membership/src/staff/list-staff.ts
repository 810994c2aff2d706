import { Injectable } from '@nestjs/common';
import type { membership } from '#libs/contracts';
import { ListReads, type ListSource } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { StaffListsRepository } from '../directory/staff-lists.repository.js';
import { PageCursors } from '../paging/page-cursors.js';
import { FindStaff } from './find-staff.js';

type Listing = RequestOf<typeof membership.listStaff>;

/** The people of an organisation, a team or a project. */
@Injectable()
export class ListStaff {
  constructor(
    private readonly reads: ListReads,
    private readonly lists: StaffListsRepository,
    private readonly findStaff: FindStaff,
    private readonly cursors: PageCursors,
  ) {}

  async list(request: Listing): Promise<ResponseOf<typeof membership.listStaff>> {
    return this.reads.run((from) => this.listFrom(from, request));
  }

  private async listFrom(from: ListSource, { place, search, sortBy, descending, viewer, limit, after }: Listing): Promise<ResponseOf<typeof membership.listStaff>> {
    // Who asks is part of the question as little as the size of the page: what they may see is decided anew for each.
    const question = ['staff', place, search ?? null, sortBy, descending];
    const begin = after === undefined ? undefined : placeOf(this.cursors.open(after, question));
    const found = await this.lists.page(from, await this.scopesOf(from, place), { sortBy, descending, search, after: begin, limit: limit + 1 });
    const people = found.slice(0, limit);
    const last = people.at(-1);
    const users = await this.findStaff.describe(people.map(({ userId }) => userId), await this.findStaff.reachOf(viewer, from), from);
    return { users, nextCursor: found.length > limit && last !== undefined ? this.cursors.seal([last.key, last.userId], question) : null };
  }

  private async scopesOf(from: ListSource, place: Listing['place']): Promise<string[]> {
    switch (place.level) {
      case 'organisation':
        return [place.organisationId];
      case 'team':
        return [place.teamId];
      case 'project':
        return this.lists.scopesOfProject(from, place.projectId);
    }
  }
}

function placeOf([key, userId]: readonly (string | number | null)[]): { key: string; userId: string } {
  return { key: String(key), userId: String(userId) };
}
