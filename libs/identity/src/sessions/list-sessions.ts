import { Injectable } from '@nestjs/common';
import type { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { ListCursors } from '../paging/list-cursors.js';
import { deviceName } from './device-name.js';
import { sessionsRepository } from './sessions.repository.js';

/** Shows where a user is logged in, a page at a time. */
@Injectable()
export class ListSessions {
  constructor(
    private readonly database: Database,
    private readonly cursors: ListCursors,
  ) {}

  async execute({ realmId, userId, limit, cursor }: RequestOf<typeof identity.listSessions>): Promise<ResponseOf<typeof identity.listSessions>> {
    const list = ['sessions', realmId, userId];
    const after = cursor === undefined ? null : this.cursors.open(cursor, list);
    // One more than asked tells whether there is a next page.
    const rows = await sessionsRepository.list(this.database, realmId, userId, after, limit + 1);
    const page = rows.slice(0, limit);
    return {
      sessions: page.map(({ idleExpiresAt, ...row }) => ({ ...row, device: deviceName(row.userAgent), expiresAt: idleExpiresAt })),
      nextCursor: rows.length > limit ? this.cursors.seal(page.at(-1)!.sessionId, list) : null,
    };
  }
}
