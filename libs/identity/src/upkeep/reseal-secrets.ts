import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { DataKeys } from '#libs/platform/keys';
import { ssoConnectionsRepository } from '../sso/sso-connections.repository.js';
import { clientSecretsPurpose, secretContext } from '../sso/sso-providers.js';
import { signingKeysPurpose } from '../tokens/signing-keys.js';
import { signingKeysRepository } from '../tokens/signing-keys.repository.js';

/** Seals under the newest data key what identity keeps sealed for long. Replicas may do it beside one another. */
@Injectable()
export class ResealSecrets implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly dataKeys: DataKeys,
  ) {}

  onModuleInit(): void {
    this.dataKeys.whenRotated(() => this.execute());
  }

  async execute(): Promise<void> {
    for (const key of await signingKeysRepository.list(this.database)) {
      const sealed = this.dataKeys.resealed(signingKeysPurpose, key.sealedPrivateKey, key.kid);
      if (sealed !== undefined) await signingKeysRepository.reseal(this.database, key, sealed);
    }
    for (const connection of await ssoConnectionsRepository.listSecrets(this.database)) {
      const sealed = this.dataKeys.resealed(clientSecretsPurpose, connection.clientSecret, secretContext(connection.organisationId));
      if (sealed !== undefined) await ssoConnectionsRepository.reseal(this.database, connection, sealed);
    }
  }
}
