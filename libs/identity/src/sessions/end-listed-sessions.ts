import { Injectable } from '@nestjs/common';
import { identity, staffRealmId, type Actor } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext } from '#libs/platform/messages';
import { sessionsRepository } from './sessions.repository.js';

export interface SessionsToEnd {
  realmId: string;
  userId: string;
  /** That one; null: all of them. */
  sessionId: string | null;
  /** But this one. */
  keepSessionId: string | null;
  /** The user, or an administrator. */
  actor: Actor;
}

/** Logs a user out of sessions that somebody has chosen from a list. */
@Injectable()
export class EndListedSessions {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  /** @returns how many that went on have ended */
  async execute({ actor, ...which }: SessionsToEnd, context: CallContext): Promise<number> {
    const { realmId, userId } = which;
    return this.database.withTransaction(async (tx) => {
      const sessionIds = await sessionsRepository.endListed(tx, which);
      if (sessionIds.length === 0) return 0;
      await this.outbox.append(tx, context, event(identity.sessionsEnded, { realmId, userId, sessionIds, reason: 'revoked' }));
      await auditTrail.append(tx, context, { actor, action: which.sessionId === null ? 'user.sessions-ended' : 'user.session-ended', target: { type: 'user', id: userId }, projectId: realmId === staffRealmId ? null : realmId });
      return sessionIds.length;
    });
  }
}
