import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { isFailure, platformErrors, StartupError } from '#libs/platform/errors';
import { Logger } from '#libs/platform/logging';
import { Readiness } from '#libs/platform/telemetry';
import { MasterKey } from '../keys/master-key.js';
import { makeSigningKey, openSigningKey, type SigningKey } from './signing-key.js';
import { signingKeysRepository, type StoredSigningKey } from './signing-keys.repository.js';

interface LoadedKeys {
  signer: SigningKey;
  /** Public JWKs, newest first. */
  published: Record<string, string>[];
}

/**
 * The deployment's signing keys, read once the database can be used. The first replica that finds none makes one.
 * Private keys are stored under the master key: a master key that does not fit ends the start with one sentence.
 */
@Injectable()
export class SigningKeys implements OnModuleInit, BeforeApplicationShutdown {
  private loaded: LoadedKeys | undefined;
  private trouble = 'not loaded yet';
  private closing = false;

  constructor(
    private readonly database: Database,
    private readonly masterKey: MasterKey,
    private readonly readiness: Readiness,
    private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    const check = async () => {
      if (this.loaded === undefined) throw new Error(this.trouble);
    };
    this.readiness.register('signing-keys', check, this.load());
  }

  beforeApplicationShutdown(): void {
    this.closing = true;
  }

  /** The key that new tokens are signed with. */
  signer(): SigningKey {
    return this.keys().signer;
  }

  /** What tokens may be verified with. */
  published(): Record<string, string>[] {
    return this.keys().published;
  }

  private keys(): LoadedKeys {
    if (this.loaded === undefined) throw platformErrors.failure('service-unavailable', 'The signing keys are not loaded yet.', { retryAfter: 1 });
    return this.loaded;
  }

  /** Tries for as long as the database is out of reach. */
  private async load(): Promise<void> {
    while (!this.closing) {
      try {
        this.loaded = this.opened(await this.readOrMake());
        return;
      } catch (error) {
        if (error instanceof StartupError) this.trouble = error.message;
        if (!isFailure(error, 'service-unavailable')) throw error;
        await delay(100, undefined, { ref: false });
      }
    }
  }

  private async readOrMake(): Promise<StoredSigningKey[]> {
    const found = await signingKeysRepository.list(this.database);
    if (found.length > 0) return found;
    return this.database.withTransaction(async (tx) => {
      await signingKeysRepository.lock(tx);
      const made = await signingKeysRepository.list(tx);
      if (made.length > 0) return made; // by another replica, while we waited for the lock
      const key = await makeSigningKey(this.sealingKey());
      await signingKeysRepository.insert(tx, key);
      tx.afterCommit(() => this.logger.info({ kid: key.kid }, 'signing key made'));
      return [key];
    });
  }

  private opened(stored: StoredSigningKey[]): LoadedKeys {
    const signer = openSigningKey(stored[0]!, this.sealingKey());
    if (signer === null) {
      throw new StartupError('ROLLCALL_MASTER_KEY does not fit the signing keys in the identity database: set the one that this database was started with.');
    }
    return { signer, published: stored.map(({ kid, alg, publicJwk }) => ({ ...publicJwk, kid, alg, use: 'sig' })) };
  }

  private sealingKey(): Buffer {
    return this.masterKey.for('signing keys');
  }
}
