import { Injectable } from '@nestjs/common';
import { isStorable, profiles } from '#libs/contracts';
import { ListReads, type ListSource } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { InsertionCursors } from '../paging/insertion-cursors.js';
import { UserListsRepository, type ListPlace } from './user-lists.repository.js';
import { withShownUids } from './shown-uids.js';
import { toProfile } from './user-record.js';

/** A page of the users of a realm, the one who came last first. */
@Injectable()
export class ListUsersByInsertion {
  constructor(
    private readonly reads: ListReads,
    private readonly lists: UserListsRepository,
    private readonly cursors: InsertionCursors,
  ) {}

  async execute(request: RequestOf<typeof profiles.listUsersByInsertion>): Promise<ResponseOf<typeof profiles.listUsersByInsertion>> {
    return this.reads.run((from) => this.listFrom(from, request));
  }

  private async listFrom(from: ListSource, { realmId, email, limit, after, before }: RequestOf<typeof profiles.listUsersByInsertion>): Promise<ResponseOf<typeof profiles.listUsersByInsertion>> {
    const question = (direction: ListPlace['direction']) => [realmId, email?.toLowerCase() ?? null, direction];
    const place: ListPlace =
      before !== undefined
        ? { direction: 'newer', seq: this.cursors.open(before, question('newer')) }
        : { direction: 'older', seq: after === undefined ? Number.MAX_SAFE_INTEGER : this.cursors.open(after, question('older')) };
    if (email !== undefined && !isStorable(email)) return { users: [], nextCursor: null, previousCursor: null };

    // One more than asked for tells whether there is another page that way.
    const found = await this.lists.list(from, realmId, place, limit + 1, email);
    const page = found.slice(0, limit);
    const isMore = found.length > limit;
    if (place.direction === 'newer') page.reverse();
    // Where a page is empty, because all beyond its cursor are gone, the cursor itself is its place.
    const newest = page[0]?.seq ?? (place.direction === 'older' ? place.seq - 1 : place.seq);
    const oldest = page.at(-1)?.seq ?? (place.direction === 'newer' ? place.seq + 1 : place.seq);
    const isFirst = after === undefined && before === undefined;
    const hasNewer = place.direction === 'newer' ? isMore : !isFirst && (await this.lists.isAny(from, realmId, { direction: 'newer', seq: newest }, email));
    const hasOlder = place.direction === 'older' ? isMore : await this.lists.isAny(from, realmId, { direction: 'older', seq: oldest }, email);
    return {
      users: await withShownUids(from, page.map(({ user, directory }) => toProfile(user, directory))),
      nextCursor: hasOlder ? this.cursors.seal(oldest, question('older')) : null,
      previousCursor: hasNewer ? this.cursors.seal(newest, question('newer')) : null,
    };
  }
}
