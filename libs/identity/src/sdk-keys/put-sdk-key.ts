import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { readPublicKey } from './public-key.js';
import { sdkKeysRepository } from './sdk-keys.repository.js';

/** Registers the public key that end-user tokens of a project are verified with. */
@Injectable()
export class PutSdkKey {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  async execute({ newSdkKeyId, publicKey, actor, ...wanted }: RequestOf<typeof identity.putSdkKey>, context: CallContext): Promise<identity.SdkKey> {
    const publicJwk = readPublicKey(publicKey, wanted.algorithm);
    return this.database.withTransaction(async (tx) => {
      const key = await sdkKeysRepository.put(tx, { ...wanted, sdkKeyId: newSdkKeyId, publicJwk }, `${actor.type}:${actor.id}`);
      await this.outbox.append(tx, context, event(identity.sdkKeyChanged, { projectId: key.projectId, sdkKeyId: key.sdkKeyId, version: key.version }));
      return key;
    });
  }
}
