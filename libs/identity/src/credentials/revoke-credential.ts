import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { credentialsRepository } from './credentials.repository.js';

/** Ends a credential, and with it the tokens that were issued for it. */
@Injectable()
export class RevokeCredential {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  async execute({ credentialId, group, actor }: RequestOf<typeof identity.revokeCredential>, context: CallContext): Promise<void> {
    await this.database.withTransaction(async (tx) => {
      const revoked = await credentialsRepository.revoke(tx, credentialId, `${actor.type}:${actor.id}`, group);
      if (!revoked) throw identity.identityErrors.failure('credential-not-found', 'There is no such credential.');
      await this.outbox.append(tx, context, event(identity.credentialRevoked, { credentialId }));
    });
  }
}
