import { Inject, Injectable } from '@nestjs/common';
import { identity, systemActor, type Actor } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import type { ConfigValues } from '#libs/platform/config';
import { Database, type Transaction } from '#libs/platform/database';
import { DataKeys } from '#libs/platform/keys';
import { Logger } from '#libs/platform/logging';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { identityConfig } from '../identity.config.js';
import { clientTokenTtl } from './access-tokens.js';
import { makeSigningKey } from './signing-key.js';
import { SigningKeys, signingKeysPurpose } from './signing-keys.js';
import { signingKeysRepository } from './signing-keys.repository.js';

/** Seconds for which a key is published before it signs: three times as long as verifiers may keep a copy of the key set. */
const publishedBefore = 900;
/** Seconds that clocks of verifiers may be behind. */
const clockDifference = 60;

/** Replaces signing keys, by the calendar or because somebody wants it, so that no verifier ever meets an unknown one. */
@Injectable()
export class RotateSigningKeys {
  constructor(
    private readonly database: Database,
    private readonly dataKeys: DataKeys,
    private readonly keys: SigningKeys,
    private readonly logger: Logger,
    @Inject(identityConfig.token) private readonly config: ConfigValues<typeof identityConfig>,
  ) {}

  /** @param immediately it signs from now on, although verifiers may have to look for it */
  async rotate({ immediately, actor }: RequestOf<typeof identity.rotateSigningKey>, context: CallContext): Promise<identity.SigningKey> {
    const kid = await this.database.withTransaction(async (tx) => {
      await signingKeysRepository.lock(tx);
      return this.make(tx, immediately ? 0 : publishedBefore, actor, context);
    });
    await this.keys.reload();
    return this.keys.described().find((key) => key.kid === kid)!;
  }

  /** Makes a key when the newest is old, or of another algorithm than is wanted; drops those whose last token has expired. */
  async whenDue(): Promise<{ made: number; dropped: number }> {
    const done = await this.database.withTransaction(async (tx) => {
      await signingKeysRepository.lock(tx);
      const newest = (await signingKeysRepository.list(tx))[0];
      const isDue = newest !== undefined && (newest.alg !== this.config.SIGNING_ALGORITHM || newest.ageSeconds > this.config.SIGNING_KEY_ROTATION);
      if (isDue) await this.make(tx, publishedBefore, systemActor, { requestId: 'signing-key-rotation' });
      const dropped = await signingKeysRepository.sweep(tx, Math.max(this.config.ACCESS_TOKEN_TTL, clientTokenTtl) + clockDifference);
      return { made: isDue ? 1 : 0, dropped };
    });
    if (done.made + done.dropped > 0) await this.keys.reload();
    return done;
  }

  /** @throws Failure `signing-key-not-found`, `signing-key-in-use` */
  async remove({ kid, actor }: RequestOf<typeof identity.removeSigningKey>, context: CallContext): Promise<void> {
    await this.database.withTransaction(async (tx) => {
      await signingKeysRepository.lock(tx);
      const keys = await signingKeysRepository.list(tx);
      if (!keys.some((key) => key.kid === kid)) throw identity.identityErrors.failure('signing-key-not-found', 'There is no such signing key.');
      if (keys.find(({ isActive }) => isActive)?.kid === kid) throw identity.identityErrors.failure('signing-key-in-use', 'This key signs: rotate immediately, then remove it.');
      await signingKeysRepository.remove(tx, kid);
      await auditTrail.append(tx, context, { actor, action: 'signing-key.removed', target: { type: 'signing-key', id: kid } });
      tx.afterCommit(() => this.logger.warn({ kid }, 'signing key removed'));
    });
    await this.keys.reload();
  }

  private async make(tx: Transaction, delay: number, actor: Actor, context: CallContext): Promise<string> {
    const key = await makeSigningKey(this.config.SIGNING_ALGORITHM, this.dataKeys.for(signingKeysPurpose));
    await signingKeysRepository.insert(tx, key, delay);
    await auditTrail.append(tx, context, { actor, action: 'signing-key.created', target: { type: 'signing-key', id: key.kid } });
    tx.afterCommit(() => this.logger.info({ kid: key.kid, signsInSeconds: delay }, 'signing key made'));
    return key.kid;
  }
}
