import { Injectable } from '@nestjs/common';
import type { membership } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { newestFirst } from '../paging/newest-first.js';
import { PageCursors } from '../paging/page-cursors.js';
import { GivenRolesRepository } from './given-roles.repository.js';

@Injectable()
export class ListMembers {
  constructor(
    private readonly database: Database,
    private readonly given: GivenRolesRepository,
    private readonly cursors: PageCursors,
  ) {}

  async list({ place, ...page }: RequestOf<typeof membership.listMembers>): Promise<ResponseOf<typeof membership.listMembers>> {
    const placeId = place.level === 'organisation' ? place.organisationId : place.level === 'team' ? place.teamId : place.projectId;
    const read = (before: string, limit: number) => this.given.page(this.database, place.level, placeId, before, limit);
    const { rows, nextCursor } = await newestFirst(this.cursors, ['members', place], page, read, ({ userId }) => userId);
    return { members: rows, nextCursor };
  }
}
