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

/** Whether an erasure left anything. */
@Injectable()
export class CountLoginRemains {
  constructor(
    private readonly database: Database,
    private readonly throttleKeys: UserThrottleKeys,
  ) {}

  /** @returns how many rows of each table there are about the users */
  async execute({ realmId, userIds }: RequestOf<typeof identity.countLoginRemains>): Promise<Record<PersonalTable, number>> {
    const logins = await loginsRepository.findMany(this.database, realmId, userIds);
    return {
      login_throttles: await loginThrottlesRepository.count(this.database, realmId, this.throttleKeys.of(realmId, logins), userIds),
      outgoing_mails: await outgoingMailsRepository.count(this.database, realmId, userIds),
      sso_links: await ssoLinksRepository.count(this.database, realmId, userIds),
      sso_codes: await ssoCodesRepository.count(this.database, realmId, userIds),
      sessions: await sessionsRepository.count(this.database, realmId, userIds),
      login_names: await loginNamesRepository.count(this.database, realmId, userIds),
      logins: logins.length,
    };
  }
}
