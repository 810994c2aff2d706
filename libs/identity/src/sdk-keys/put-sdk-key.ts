import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
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
      const before = await sdkKeysRepository.lockByName(tx, wanted.projectId, wanted.name);
      const key = await sdkKeysRepository.put(tx, { ...wanted, sdkKeyId: newSdkKeyId, publicJwk }, `${actor.type}:${actor.id}`);
      await this.outbox.append(tx, context, event(identity.sdkKeyChanged, { projectId: key.projectId, sdkKeyId: key.sdkKeyId, version: key.version }));
      const { sdkKeyId, projectId } = key;
      await auditTrail.append(tx, context, { actor, action: before === undefined ? 'sdk-key.created' : 'sdk-key.changed', target: { type: 'sdk-key', id: sdkKeyId }, projectId, ...changedFields(before, key) });
      return key;
    });
  }
}

/** Registering a name again replaces the key and its mapping, whichever of them is new. */
function changedFields(before: identity.SdkKey | undefined, after: identity.SdkKey): { before: string[]; after: string[] } {
  if (before === undefined) return { before: [], after: ['name', 'public_key', 'algorithm', 'claims'] };
  const values = ({ publicJwk, algorithm, claims }: identity.SdkKey) => ({ public_key: publicJwk, algorithm, claims });
  const changed = (['public_key', 'algorithm', 'claims'] as const).filter((name) => !isDeepStrictEqual(values(before)[name], values(after)[name]));
  return { before: changed, after: changed };
}
