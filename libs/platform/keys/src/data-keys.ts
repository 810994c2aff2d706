import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { masterKeyConfig, type ConfigValues } from '#libs/platform/config';
import { Database } from '#libs/platform/database';
import { isFailure, platformErrors, StartupError } from '#libs/platform/errors';
import { Logger } from '#libs/platform/logging';
import { Readiness } from '#libs/platform/telemetry';
import { dataKeysRepository } from './data-keys.repository.js';
import { deriveKey, open, seal } from './sealed-box.js';

/**
 * The keys of a service, one for each purpose, so that no two of them can be played against each other. They come from a random
 * secret of the service's own, which its database keeps sealed under the master key. So another master key changes one row, and no
 * hash and no box that was made before.
 *
 * Loaded at the start, from a box that the master key or the previous one opens. One that the previous one opens is sealed anew.
 */
@Injectable()
export class DataKeys implements OnModuleInit, BeforeApplicationShutdown {
  private root: Buffer | undefined;
  private readonly derived = new Map<string, Buffer>();
  private trouble = 'not loaded yet';
  private closing = false;

  constructor(
    private readonly database: Database,
    private readonly readiness: Readiness,
    private readonly logger: Logger,
    @Inject(masterKeyConfig.token) private readonly config: ConfigValues<typeof masterKeyConfig>,
  ) {}

  /** Keys of a given secret, for specs of what uses keys and has no database. */
  static of(root: Buffer): DataKeys {
    const keys = new DataKeys(undefined as never, undefined as never, undefined as never, undefined as never);
    keys.root = root;
    return keys;
  }

  onModuleInit(): void {
    const check = async () => {
      if (this.root === undefined) throw new Error(this.trouble);
    };
    this.readiness.register(`keys:${this.database.service}`, check, this.load());
  }

  beforeApplicationShutdown(): void {
    this.closing = true;
  }

  /**
   * 256 bits, the same on every replica and after every start.
   * @throws Failure `service-unavailable` while they are not loaded
   */
  for(purpose: string): Buffer {
    if (this.root === undefined) throw platformErrors.failure('service-unavailable', 'The keys are not loaded yet.', { retryAfter: 1 });
    let key = this.derived.get(purpose);
    if (key === undefined) this.derived.set(purpose, (key = deriveKey(this.root, purpose)));
    return key;
  }

  /** Tries for as long as the database is out of reach. */
  private async load(): Promise<void> {
    while (!this.closing) {
      try {
        this.root = await this.readOrMake();
        return;
      } catch (error) {
        if (error instanceof StartupError) this.trouble = error.message;
        if (!isFailure(error, 'service-unavailable')) throw error;
        await delay(100, undefined, { ref: false });
      }
    }
  }

  private async readOrMake(): Promise<Buffer> {
    const found = await dataKeysRepository.find(this.database);
    if (found !== undefined) return this.read(found.sealed);
    await dataKeysRepository.insert(this.database, this.sealed(randomBytes(32)));
    return this.read((await dataKeysRepository.find(this.database))?.sealed ?? null);
  }

  private async read(box: Buffer | null): Promise<Buffer> {
    const { ROLLCALL_MASTER_KEY: present, ROLLCALL_MASTER_KEY_PREVIOUS: previous } = this.config;
    // What a database holds from before data keys is under the master key of that time.
    if (box === null) return this.sealAnew(box, previous ?? present);
    const root = this.opened(box, present);
    if (root !== null) return root;
    const before = previous === undefined ? null : this.opened(box, previous);
    if (before !== null) return this.sealAnew(box, before);
    const tried = previous === undefined ? 'ROLLCALL_MASTER_KEY does not open' : 'Neither ROLLCALL_MASTER_KEY nor ROLLCALL_MASTER_KEY_PREVIOUS opens';
    throw new StartupError(`${tried} the keys in the ${this.database.service} database: set the master key that it was last started with, or give that one as ROLLCALL_MASTER_KEY_PREVIOUS.`);
  }

  /** Another replica may do the same at the same time: one of the boxes stays, and both hold the same. */
  private async sealAnew(box: Buffer | null, root: Buffer): Promise<Buffer> {
    if (await dataKeysRepository.replace(this.database, box, this.sealed(root))) this.logger.info({ database: this.database.service }, 'the keys are sealed under the master key');
    return root;
  }

  private sealed(root: Buffer): Buffer {
    return seal(deriveKey(this.config.ROLLCALL_MASTER_KEY, purpose), root, this.place());
  }

  private opened(box: Buffer, masterKey: Buffer): Buffer | null {
    return open(deriveKey(masterKey, purpose), box, this.place());
  }

  private place(): string {
    return `data key of ${this.database.service}`;
  }
}

/** What the master key itself is used for, and nothing else. */
const purpose = 'data keys';
