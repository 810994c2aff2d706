import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { ListCursors } from '../paging/list-cursors.js';
import { credentialsRepository, manageCredential } from './credentials.repository.js';

/** Shows credentials to those who manage them, a page at a time. */
@Injectable()
export class ListCredentials {
  constructor(
    private readonly database: Database,
    private readonly cursors: ListCursors,
  ) {}

  async execute({ group, limit, cursor }: RequestOf<typeof identity.listCredentials>): Promise<ResponseOf<typeof identity.listCredentials>> {
    const list = ['credentials', group.kind, group.projectId, group.organisationId];
    const after = cursor === undefined ? null : this.cursors.open(cursor, list);
    // One more than asked tells whether there is a next page.
    const rows = await credentialsRepository.list(this.database, group, after, limit + 1);
    const page = rows.slice(0, limit);
    return { credentials: page.map(manageCredential), nextCursor: rows.length > limit ? this.cursors.seal(page.at(-1)!.credentialId, list) : null };
  }
}
