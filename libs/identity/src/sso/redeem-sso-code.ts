import { Injectable } from '@nestjs/common';
import { identity, staffRealmId } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf } from '#libs/platform/messages';
import { hashSecret } from '../keys/secret-hash.js';
import { ssoCodesRepository } from './sso-codes.repository.js';
import { StartSsoSession } from './start-sso-session.js';

/** Gives the page that a login returned to its tokens. */
@Injectable()
export class RedeemSsoCode {
  constructor(
    private readonly database: Database,
    private readonly sessions: StartSsoSession,
  ) {}

  async execute({ code, address, userAgent }: RequestOf<typeof identity.redeemSsoCode>): Promise<identity.IssuedTokens> {
    const userId = await this.database.withTransaction((tx) => ssoCodesRepository.take(tx, staffRealmId, hashSecret(code)));
    if (userId === undefined) throw identity.identityErrors.failure('sso-code-invalid', 'The code is unknown, was used, or is older than a minute: log in again.');
    const session = await this.sessions.prepare(userId, { address, userAgent });
    await this.database.withTransaction((tx) => session.save(tx));
    return session.tokens;
  }
}
