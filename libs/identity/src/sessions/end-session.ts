import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { isOfFamily, parseRefreshToken } from './refresh-token.js';
import { sessionsRepository } from './sessions.repository.js';

/** Logs out, with a refresh token of the session, spent or not. */
@Injectable()
export class EndSession {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  async execute({ realmId, refreshToken }: RequestOf<typeof identity.endSession>, context: CallContext): Promise<void> {
    const shown = parseRefreshToken(refreshToken);
    if (shown === null) return;
    await this.database.withTransaction(async (tx) => {
      const session = await sessionsRepository.lock(tx, realmId, shown.sessionId);
      if (session === undefined || !isOfFamily(shown, session.familyHash)) return;
      const { userId } = session;
      if (!(await sessionsRepository.end(tx, realmId, shown.sessionId, 'logged-out'))) return;
      await this.outbox.append(tx, context, event(identity.sessionsEnded, { realmId, userId, sessionIds: [shown.sessionId], reason: 'logged-out' }));
    });
  }
}
