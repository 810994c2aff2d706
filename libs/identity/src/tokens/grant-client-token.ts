import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { RequestOf, ResponseOf } from '#libs/platform/messages';
import { CredentialUse } from '../credentials/credential-use.js';
import { credentialsRepository, type StoredCredential } from '../credentials/credentials.repository.js';
import { parseKey } from '../keys/key-string.js';
import { secretFits } from '../keys/secret-hash.js';
import { AccessTokens, clientTokenTtl } from './access-tokens.js';

/** OAuth 2.0 client credentials grant. Everything that is wrong is one error: it does not tell which clients there are. */
@Injectable()
export class GrantClientToken {
  constructor(
    private readonly database: Database,
    private readonly tokens: AccessTokens,
    private readonly use: CredentialUse,
  ) {}

  async execute(request: RequestOf<typeof identity.grantClientToken>): Promise<ResponseOf<typeof identity.grantClientToken>> {
    const client = await this.authenticate(request);
    if (client === null) throw identity.identityErrors.failure('invalid-client', 'The client id or the client secret is wrong.');
    this.use.record(client);
    const { credentialId, projectId, roles } = client;
    const scope = roles.join(' ');
    const { token } = this.tokens.forClient({ credentialId, projectId, scope });
    return { accessToken: token, expiresIn: clientTokenTtl, scope };
  }

  private async authenticate({ clientId, clientSecret }: RequestOf<typeof identity.grantClientToken>): Promise<(StoredCredential & { projectId: string }) | null> {
    const parsed = parseKey(clientSecret, 'client');
    if (parsed === null || parsed.id !== clientId.toLowerCase()) return null;
    const stored = await credentialsRepository.find(this.database, parsed.id);
    if (stored === undefined || !secretFits(clientSecret, stored.secretHash)) return null;
    const { kind, projectId } = stored;
    return kind === 'client' && projectId !== null ? { ...stored, projectId } : null;
  }
}
