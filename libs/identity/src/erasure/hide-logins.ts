import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { loginsRepository } from '../login/logins.repository.js';
import { outgoingMailsRepository } from '../mails/outgoing-mails.repository.js';
import { sessionsRepository } from '../sessions/sessions.repository.js';
import { loginThrottlesRepository } from '../throttling/login-throttles.repository.js';
import { UserThrottleKeys } from './user-throttle-keys.js';

/** Refuses the users' logins from now on, ends their sessions, and frees their names. */
@Injectable()
export class HideLogins {
  constructor(
    private readonly database: Database,
    private readonly throttleKeys: UserThrottleKeys,
    private readonly outbox: Outbox,
  ) {}

  /** @returns how many logins were hidden that were not before */
  async execute({ realmId, userIds }: RequestOf<typeof identity.hideLogins>, context: CallContext): Promise<number> {
    return this.database.withTransaction(async (tx) => {
      const logins = await loginsRepository.lockMany(tx, realmId, userIds);
      // Later nobody knows the names any more, and so not these keys.
      await loginThrottlesRepository.forget(tx, realmId, this.throttleKeys.of(realmId, logins), userIds);
      const hidden = await loginsRepository.hide(tx, realmId, userIds);
      await outgoingMailsRepository.erase(tx, realmId, userIds);
      await sessionsRepository.endOfUsers(tx, realmId, userIds, 'hidden');
      const events = hidden.map(({ userId, version }) => event(identity.loginChanged, { realmId, userId, version, facts: ['status'] }));
      await this.outbox.append(tx, context, ...events);
      return hidden.length;
    });
  }
}
