import { Injectable } from '@nestjs/common';
import type { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { ResponseOf } from '#libs/platform/messages';
import { ssoNotSetUp } from './begin-sso.js';
import { withoutSecret } from './put-sso-connection.js';
import { ssoConnectionsRepository, type StoredConnection } from './sso-connections.repository.js';
import { SsoProviders } from './sso-providers.js';

/** Shows an organisation's connection, and whether its provider answers now. */
@Injectable()
export class InspectSso {
  constructor(
    private readonly database: Database,
    private readonly providers: SsoProviders,
  ) {}

  async get(organisationId: string): Promise<identity.SsoConnection> {
    return withoutSecret(await this.stored(organisationId));
  }

  async test(organisationId: string): Promise<ResponseOf<typeof identity.testSsoConnection>> {
    const { issuer, clientId } = await this.stored(organisationId);
    const { authorization_endpoint, token_endpoint } = (await this.providers.describe(issuer, clientId, null)).serverMetadata();
    return { issuer, authorizationEndpoint: authorization_endpoint as string, tokenEndpoint: token_endpoint as string };
  }

  private async stored(organisationId: string): Promise<StoredConnection> {
    const connection = await ssoConnectionsRepository.get(this.database, organisationId);
    if (connection === undefined) throw ssoNotSetUp();
    return connection;
  }
}
