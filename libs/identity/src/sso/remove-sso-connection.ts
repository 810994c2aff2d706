import { Injectable } from '@nestjs/common';
import { identity, staffRealmId } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { ssoNotSetUp } from './begin-sso.js';
import { ssoConnectionsRepository } from './sso-connections.repository.js';
import { ssoLinksRepository } from './sso-links.repository.js';

/** Takes an organisation's single sign-on away, and who was who at its provider with it. */
@Injectable()
export class RemoveSsoConnection {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  async execute({ organisationId, actor }: RequestOf<typeof identity.removeSsoConnection>, context: CallContext): Promise<void> {
    await this.database.withTransaction(async (tx) => {
      if (!(await ssoConnectionsRepository.remove(tx, organisationId))) throw ssoNotSetUp();
      await ssoLinksRepository.dropOfOrganisation(tx, staffRealmId, organisationId);
      await this.outbox.append(tx, context, event(identity.ssoConnectionRemoved, { organisationId }));
      await auditTrail.append(tx, context, { actor, action: 'sso.removed', target: { type: 'organisation', id: organisationId }, organisationId });
    });
  }
}
