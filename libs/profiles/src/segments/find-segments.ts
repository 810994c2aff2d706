import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { InsertionCursors } from '../paging/insertion-cursors.js';
import { SegmentsRepository } from './segments.repository.js';

/** Shows the segments of a realm, one or a page. */
@Injectable()
export class FindSegments {
  constructor(
    private readonly database: Database,
    private readonly segments: SegmentsRepository,
    private readonly cursors: InsertionCursors,
  ) {}

  async one({ realmId, segmentId }: RequestOf<typeof profiles.getSegment>): Promise<ResponseOf<typeof profiles.getSegment>> {
    const segment = await this.segments.get(this.database, realmId, segmentId);
    if (segment === undefined) throw segmentNotFound();
    return { segment, members: await this.segments.countMembers(this.database, realmId, segmentId) };
  }

  async page({ realmId, limit, cursor }: RequestOf<typeof profiles.listSegments>): Promise<ResponseOf<typeof profiles.listSegments>> {
    const question = ['segments', realmId.toLowerCase()];
    const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : this.cursors.open(cursor, question);
    // One more than asked tells whether there is a next page.
    const rows = await this.segments.list(this.database, realmId, before, limit + 1);
    const page = rows.slice(0, limit);
    return { segments: page.map(({ seq: _, ...segment }) => segment), nextCursor: rows.length > limit ? this.cursors.seal(page.at(-1)!.seq, question) : null };
  }
}

export function segmentNotFound() {
  return profiles.profilesErrors.failure('segment-not-found', 'There is no such segment.');
}
