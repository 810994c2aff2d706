import { Injectable } from '@nestjs/common';
import type { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf } from '#libs/platform/messages';
import { loginsRepository } from '../login/logins.repository.js';
import { outgoingMailsRepository } from '../mails/outgoing-mails.repository.js';
import { loginNamesRepository } from '../names/login-names.repository.js';
import { sessionsRepository } from '../sessions/sessions.repository.js';
import { ssoCodesRepository } from '../sso/sso-codes.repository.js';
import { ssoLinksRepository } from '../sso/sso-links.repository.js';
import { loginThrottlesRepository } from '../throttling/login-throttles.repository.js';
import type { PersonalTable } from './personal-data.js';
import { UserThrottleKeys } from './user-throttle-keys.js';

/** Deletes every row about the users. What others hold a copy of was announced when the users were hidden. */
@Injectable()
export class EraseLogins {
  constructor(
    private readonly database: Database,
    private readonly throttleKeys: UserThrottleKeys,
  ) {}

  /** @returns how many rows of each table went */
  async execute({ realmId, userIds }: RequestOf<typeof identity.eraseLogins>): Promise<Record<PersonalTable, number>> {
    return this.database.withTransaction(async (tx) => {
      const named = await loginsRepository.lockMany(tx, realmId, userIds);
      return {
        login_throttles: await loginThrottlesRepository.forget(tx, realmId, this.throttleKeys.of(realmId, named), userIds),
        outgoing_mails: await outgoingMailsRepository.erase(tx, realmId, userIds),
        sso_links: await ssoLinksRepository.erase(tx, realmId, userIds),
        sso_codes: await ssoCodesRepository.erase(tx, realmId, userIds),
        sessions: await sessionsRepository.erase(tx, realmId, userIds),
        login_names: await loginNamesRepository.erase(tx, realmId, userIds),
        logins: await loginsRepository.erase(tx, realmId, userIds),
      };
    });
  }
}
