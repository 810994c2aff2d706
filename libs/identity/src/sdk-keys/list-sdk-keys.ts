import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { ListCursors } from '../paging/list-cursors.js';
import { sdkKeysRepository } from './sdk-keys.repository.js';

/** Shows a project's SDK keys, a page at a time. */
@Injectable()
export class ListSdkKeys {
  constructor(
    private readonly database: Database,
    private readonly cursors: ListCursors,
  ) {}

  async execute({ projectId, limit, cursor }: RequestOf<typeof identity.listSdkKeys>): Promise<ResponseOf<typeof identity.listSdkKeys>> {
    const list = ['sdk-keys', projectId];
    const after = cursor === undefined ? null : this.cursors.open(cursor, list);
    // One more than asked tells whether there is a next page.
    const rows = await sdkKeysRepository.list(this.database, projectId, after, limit + 1);
    const page = rows.slice(0, limit);
    return { sdkKeys: page, nextCursor: rows.length > limit ? this.cursors.seal(page.at(-1)!.sdkKeyId, list) : null };
  }
}
