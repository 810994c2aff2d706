import { Injectable } from '@nestjs/common';
import { identity, staffRealmId, type Actor } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database, type Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf, ResponseOf } from '#libs/platform/messages';
import { sessionsRepository, type UserSession } from './sessions.repository.js';

/** Sessions of one transaction, which is over in a moment. */
const batch = 500;
/** Callers wait for an answer, and ask again. */
const mostMs = 2_000;
/** Before all others. */
const first: UserSession = { userId: '00000000-0000-0000-0000-000000000000', sessionId: '00000000-0000-0000-0000-000000000000' };

/** Logs out everybody of a project, or all staff: after a theft, say. */
@Injectable()
export class EndSessionsOfRealm {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  /** Broken off at any moment, what it has ended stays so, and it can be done again. */
  async execute({ realmId, actor }: RequestOf<typeof identity.endSessionsOfRealm>, context: CallContext): Promise<ResponseOf<typeof identity.endSessionsOfRealm>> {
    const until = performance.now() + mostMs;
    let ended = 0;
    for (let after = first; ; ) {
      const sessions = await this.database.withTransaction((tx) => this.endSome(tx, { realmId, actor, after, isFirst: ended === 0 }, context));
      ended += sessions.length;
      if (sessions.length < batch) return { ended, more: false };
      if (performance.now() > until) return { ended, more: true };
      after = sessions.reduce((last, one) => (isBehind(one, last) ? one : last));
    }
  }

  private async endSome(tx: Transaction, { realmId, actor, after, isFirst }: { realmId: string; actor: Actor; after: UserSession; isFirst: boolean }, context: CallContext): Promise<UserSession[]> {
    const sessions = await sessionsRepository.endOfRealm(tx, realmId, after, batch);
    if (sessions.length === 0) return sessions;
    const ofUsers = new Map<string, string[]>();
    for (const { userId, sessionId } of sessions) ofUsers.set(userId, [...(ofUsers.get(userId) ?? []), sessionId]);
    await this.outbox.append(tx, context, ...[...ofUsers].map(([userId, sessionIds]) => event(identity.sessionsEnded, { realmId, userId, sessionIds, reason: 'revoked' })));
    // Once, with the first of them: who asks again has a row of its own where there was something left.
    if (isFirst) await auditTrail.append(tx, context, { actor, ...(realmId === staffRealmId ? { action: 'staff.sessions-ended', target: { type: 'realm', id: realmId } } : { action: 'project.sessions-ended', target: { type: 'project', id: realmId }, projectId: realmId }) });
    return sessions;
  }
}

/** As Postgres orders them. */
function isBehind(one: UserSession, other: UserSession): boolean {
  return one.userId === other.userId ? one.sessionId > other.sessionId : one.userId > other.userId;
}
