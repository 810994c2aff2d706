import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { auditPlace, publicKind } from './audited-credential.js';
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
      if (revoked === undefined) throw identity.identityErrors.failure('credential-not-found', 'There is no such credential.');
      await this.outbox.append(tx, context, event(identity.credentialRevoked, { credentialId }));
      await auditTrail.append(tx, context, { actor, action: `${publicKind[revoked.kind]}.revoked`, ...auditPlace({ credentialId, ...revoked }), before: ['name', 'roles'] });
    });
  }
}
