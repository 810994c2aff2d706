import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf } from '#libs/platform/messages';
import { newestFirst } from '../paging/newest-first.js';
import { PageCursors } from '../paging/page-cursors.js';
import { InvitationsRepository, type StoredInvitation } from './invitations.repository.js';

@Injectable()
export class ListInvitations {
  constructor(
    private readonly database: Database,
    private readonly invitations: InvitationsRepository,
    private readonly cursors: PageCursors,
  ) {}

  async list({ place, status, limit, after }: RequestOf<typeof membership.listInvitations>): Promise<{ rows: StoredInvitation[]; nextCursor: string | null }> {
    const read = (before: string, rows: number) => this.invitations.list(this.database, place.level, idOf(place), status, before, rows);
    return newestFirst(this.cursors, ['invitations', place, status ?? null], { limit, after }, read, ({ invitationId }) => invitationId);
  }

  /** @throws Failure `invitation-not-found` */
  async get(invitationId: string): Promise<StoredInvitation> {
    const found = await this.invitations.get(this.database, invitationId);
    if (found === undefined) throw membership.membershipErrors.failure('invitation-not-found', 'There is no such invitation.');
    return found;
  }
}

function idOf(place: membership.Scope): string | null {
  switch (place.level) {
    case 'deployment':
      return null;
    case 'organisation':
      return place.organisationId;
    case 'team':
      return place.teamId;
    case 'project':
      return place.projectId;
  }
}
