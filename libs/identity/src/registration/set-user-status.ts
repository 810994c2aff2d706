import { Injectable } from '@nestjs/common';
import { identity, staffRealmId } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import { Idempotency } from '#libs/platform/idempotency';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { LoginStatePush } from '../login/login-state-push.js';
import { loginsRepository } from '../login/logins.repository.js';
import { sessionsRepository } from '../sessions/sessions.repository.js';
import { LoginRows, userNotFound } from './login-rows.js';

@Injectable()
export class SetUserStatus {
  constructor(
    private readonly database: Database,
    private readonly rows: LoginRows,
    private readonly statePush: LoginStatePush,
    private readonly outbox: Outbox,
    private readonly idempotency: Idempotency,
  ) {}

  /** @returns whether that is a change. An account that is closed has no session that goes on. */
  async execute({ realmId, userId, isActive, actor }: RequestOf<typeof identity.setUserStatus>, context: CallContext): Promise<boolean> {
    // Active is what a user is of whom nobody said anything.
    if (isActive && (await loginsRepository.find(this.database, realmId, userId)) === undefined) return false;
    await this.rows.ensure(realmId, userId, context);
    const state = await this.database.withTransaction((tx) =>
      this.idempotency.once(tx, context, {
        work: async () => {
          const login = await loginsRepository.lock(tx, realmId, userId);
          if (login?.status !== 'active') throw userNotFound();
          if (login.isActive === isActive) return undefined;
          const changed = await loginsRepository.setActive(tx, realmId, userId, isActive);
          if (!isActive) await sessionsRepository.endOfUsers(tx, realmId, [userId], 'deactivated');
          await this.outbox.append(tx, context, event(identity.loginChanged, { realmId, userId, version: changed.version, facts: ['status'] }));
          await auditTrail.append(tx, context, { actor, action: isActive ? 'user.activated' : 'user.deactivated', target: { type: 'user', id: userId }, projectId: realmId === staffRealmId ? null : realmId });
          return changed;
        },
        refer: () => ({ userId }),
        // Somebody may have changed it since.
        again: () => Promise.resolve(undefined),
      }),
    );
    if (state !== undefined) await this.statePush.push(realmId, [state], context);
    return state !== undefined;
  }
}
