import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { identity } from '#libs/contracts';
import type { ConfigValues } from '#libs/platform/config';
import { Database } from '#libs/platform/database';
import { isFailure, platformErrors, StartupError } from '#libs/platform/errors';
import { DataKeys } from '#libs/platform/keys';
import { Logger } from '#libs/platform/logging';
import { Readiness } from '#libs/platform/telemetry';
import { identityConfig } from '../identity.config.js';
import { makeSigningKey, openSigningKey, type SigningKey } from './signing-key.js';
import { signingKeysRepository, type StoredSigningKey } from './signing-keys.repository.js';

interface LoadedKeys {
  signer: SigningKey;
  /** In the order in which they sign, the last first. */
  stored: StoredSigningKey[];
}

/** How often every replica looks for keys that others made, and whether the time of one has come. */
const reloadEveryMs = 5_000;

/**
 * The deployment's signing keys, read once the database can be used. The first replica that finds none makes one.
 * Private keys are stored sealed: keys that don't fit end the start with one sentence.
 */
@Injectable()
export class SigningKeys implements OnModuleInit, BeforeApplicationShutdown {
  private loaded: LoadedKeys | undefined;
  private trouble = 'not loaded yet';
  private closing = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly dataKeys: DataKeys,
    private readonly readiness: Readiness,
    private readonly logger: Logger,
    @Inject(identityConfig.token) private readonly config: ConfigValues<typeof identityConfig>,
  ) {}

  onModuleInit(): void {
    const check = async () => {
      if (this.loaded === undefined) throw new Error(this.trouble);
    };
    this.readiness.register('signing-keys', check, this.load());
    this.timer = setInterval(() => {
      // The database is away, and whoever needs it says so.
      if (this.loaded !== undefined) this.reload().catch((error: unknown) => this.logger.debug({ err: error }, 'the signing keys were not looked at anew'));
    }, reloadEveryMs);
    this.timer.unref();
  }

  beforeApplicationShutdown(): void {
    this.closing = true;
    clearInterval(this.timer);
  }

  /** The key that new tokens are signed with. */
  signer(): SigningKey {
    return this.keys().signer;
  }

  /** What tokens may be verified with: public JWKs. */
  published(): Record<string, string>[] {
    return this.keys().stored.map(({ kid, alg, publicJwk }) => ({ ...publicJwk, kid, alg, use: 'sig' }));
  }

  /** Another text when other keys are published. */
  fingerprint(): string {
    return this.keys().stored.map(({ kid }) => kid).join(' ');
  }

  /** As administrators see them. */
  described(): identity.SigningKey[] {
    const { signer, stored } = this.keys();
    const state = ({ kid, isActive }: StoredSigningKey) => (kid === signer.kid ? 'signing' : isActive ? 'retired' : 'next');
    return stored.map((key) => ({ kid: key.kid, algorithm: key.alg, state: state(key), createdAt: key.createdAt, activeFrom: key.activeFrom }));
  }

  /** Reads what there is now: after a rotation, or from time to time. */
  async reload(): Promise<void> {
    this.loaded = this.opened(await signingKeysRepository.list(this.database));
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
    await new Promise<never>(() => undefined); // stopped before it could be used: whoever waits for it is not to go on
  }

  private async readOrMake(): Promise<StoredSigningKey[]> {
    const found = await signingKeysRepository.list(this.database);
    if (found.length > 0) return found;
    return this.database.withTransaction(async (tx) => {
      await signingKeysRepository.lock(tx);
      const made = await signingKeysRepository.list(tx);
      if (made.length > 0) return made; // by another replica, while we waited for the lock
      const key = await makeSigningKey(this.config.SIGNING_ALGORITHM, this.dataKeys.for(signingKeysPurpose));
      await signingKeysRepository.insert(tx, key, 0);
      tx.afterCommit(() => this.logger.info({ kid: key.kid }, 'signing key made'));
      return signingKeysRepository.list(tx);
    });
  }

  private opened(stored: StoredSigningKey[]): LoadedKeys {
    // Where clocks disagree by a moment, the oldest is as good.
    const chosen = stored.find(({ isActive }) => isActive) ?? stored.at(-1);
    const signer = chosen === undefined ? null : openSigningKey(chosen, (box, context) => this.dataKeys.open(signingKeysPurpose, box, context));
    if (signer === null) {
      throw new StartupError('The signing keys in the identity database do not fit ROLLCALL_MASTER_KEY: set the one that this database was started with; if it was restored, restore its table data_keys from the same backup.');
    }
    return { signer, stored };
  }
}

/** What the private keys are sealed for. */
export const signingKeysPurpose = 'signing keys';
