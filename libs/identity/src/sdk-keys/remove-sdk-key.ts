import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { sdkKeysRepository } from './sdk-keys.repository.js';
import { noSuchKey } from './find-sdk-key.js';

/** Takes a key away; the tokens that it signed are worth nothing from then on. */
@Injectable()
export class RemoveSdkKey {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  async execute({ projectId, sdkKeyId, actor }: RequestOf<typeof identity.removeSdkKey>, context: CallContext): Promise<void> {
    await this.database.withTransaction(async (tx) => {
      if (!(await sdkKeysRepository.remove(tx, projectId, sdkKeyId))) throw noSuchKey();
      await this.outbox.append(tx, context, event(identity.sdkKeyRemoved, { projectId, sdkKeyId }));
      await auditTrail.append(tx, context, { actor, action: 'sdk-key.removed', target: { type: 'sdk-key', id: sdkKeyId }, projectId, before: ['name', 'public_key', 'algorithm', 'claims'] });
    });
  }
}
