import { Injectable } from '@nestjs/common';
import { profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { InsertionCursors } from '../paging/insertion-cursors.js';
import { ListsRepository } from './lists.repository.js';

/** Shows the lists of a realm, one or a page. */
@Injectable()
export class FindLists {
  constructor(
    private readonly database: Database,
    private readonly lists: ListsRepository,
    private readonly cursors: InsertionCursors,
  ) {}

  async one({ realmId, listId }: RequestOf<typeof profiles.getList>): Promise<profiles.List> {
    const found = await this.lists.get(this.database, realmId, listId);
    if (found === undefined) throw listNotFound();
    return found;
  }

  async page({ realmId, limit, cursor }: RequestOf<typeof profiles.listLists>): Promise<ResponseOf<typeof profiles.listLists>> {
    const question = ['lists', realmId.toLowerCase()];
    const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : this.cursors.open(cursor, question);
    // One more than asked tells whether there is a next page.
    const rows = await this.lists.list(this.database, realmId, before, limit + 1);
    const page = rows.slice(0, limit);
    return { lists: page.map(({ seq: _, ...list }) => list), nextCursor: rows.length > limit ? this.cursors.seal(page.at(-1)!.seq, question) : null };
  }
}

export function listNotFound() {
  return profiles.profilesErrors.failure('list-not-found', 'There is no such list.');
}
