import { Injectable } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { Logger } from '#libs/platform/logging';
import { credentialsRepository, type StoredCredential } from './credentials.repository.js';

/** Writes down when a credential was last used, about once a minute: a write per request would cost more than the request. */
@Injectable()
export class CredentialUse {
  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  /** Does not wait: nobody's request depends on it. */
  record({ credentialId, useIsStale }: StoredCredential): void {
    if (!useIsStale) return;
    credentialsRepository.recordUse(this.database, credentialId).catch((error: unknown) => {
      this.logger.warn({ credentialId, err: error }, 'the last use of a credential could not be written down');
    });
  }
}
