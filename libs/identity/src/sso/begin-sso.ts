import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { DataKeys, seal } from '#libs/platform/keys';
import type { RequestOf } from '#libs/platform/messages';
import { hashSecret } from '../keys/secret-hash.js';
import { ssoAttemptsRepository } from './sso-attempts.repository.js';
import { ssoConnectionsRepository } from './sso-connections.repository.js';
import { SsoProviders } from './sso-providers.js';

/** Context of an attempt's sealed secrets. */
export const attemptContext = (organisationId: string) => `sso attempt in ${organisationId}`;

/** Begins a login at an organisation's provider. */
@Injectable()
export class BeginSso {
  constructor(
    private readonly database: Database,
    private readonly providers: SsoProviders,
    private readonly dataKeys: DataKeys,
  ) {}

  /** @returns where the browser is to go */
  async execute({ organisationId, callbackUrl, returnTo, browserSecret }: RequestOf<typeof identity.beginSso>): Promise<string> {
    const connection = await ssoConnectionsRepository.get(this.database, organisationId);
    if (connection === undefined) throw ssoNotSetUp();
    if (returnTo !== null && !connection.returnUrls.includes(returnTo)) throw identity.identityErrors.failure('sso-return-refused', 'return_to is none of the pages that the organisation’s single sign-on returns to.');
    const [state, nonce, codeVerifier] = [random(), random(), random()];
    const authorizationUrl = await this.providers.authorizationUrl(connection, callbackUrl, { state, nonce, codeVerifier });
    const secrets = seal(this.dataKeys.for('sso attempts'), Buffer.from(JSON.stringify({ nonce, codeVerifier })), attemptContext(organisationId));
    await ssoAttemptsRepository.add(this.database, { organisationId, stateHash: hashSecret(state), browserHash: hashSecret(browserSecret), secrets, callbackUrl, returnTo });
    return authorizationUrl;
  }
}

export function ssoNotSetUp() {
  return identity.identityErrors.failure('sso-not-set-up', 'There is no single sign-on of such an organisation.');
}

function random(): string {
  return randomBytes(32).toString('base64url');
}
