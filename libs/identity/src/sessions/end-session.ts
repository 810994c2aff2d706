import { Injectable } from '@nestjs/common';
import type { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf } from '#libs/platform/messages';
import { isOfFamily, parseRefreshToken } from './refresh-token.js';
import { sessionsRepository } from './sessions.repository.js';

/** Logs out, with a refresh token of the session, spent or not. */
@Injectable()
export class EndSession {
  constructor(private readonly database: Database) {}

  async execute({ realmId, refreshToken }: RequestOf<typeof identity.endSession>): Promise<void> {
    const shown = parseRefreshToken(refreshToken);
    if (shown === null) return;
    await this.database.withTransaction(async (tx) => {
      const session = await sessionsRepository.lock(tx, realmId, shown.sessionId);
      if (session !== undefined && isOfFamily(shown, session.familyHash)) await sessionsRepository.end(tx, realmId, shown.sessionId, 'logged-out');
    });
  }
}
