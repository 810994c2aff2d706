import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { masterKeyConfig, type ConfigValues } from '#libs/platform/config';
import { Database } from '#libs/platform/database';
import { isFailure, platformErrors, StartupError } from '#libs/platform/errors';
import { Logger } from '#libs/platform/logging';
import { Readiness } from '#libs/platform/telemetry';
import { dataKeysRepository, type StoredKey } from './data-keys.repository.js';
import { openRoot, rootKey, sealRoot, type RootKey } from './root-keys.js';
import { deriveKey, open, seal } from './sealed-box.js';

/** How often it is looked whether there is another secret. */
const lookEveryMs = 15_000;

/**
 * The keys of a service, one for each purpose, so that no two of them can be played against each other. They come from random
 * secrets of the service's own, which its database keeps sealed under the master key. So another master key changes a row or two, and no
 * hash and no box that was made before.
 *
 * There is one secret, and another after each rotation (`npm run rotate-data-keys`): what is made from then on is made with the newest, and what was
 * sealed before is sealed anew. The first stays for hashes of what nobody has any more, which can't be made anew.
 *
 * Loaded at the start, from boxes that the master key or the previous one opens. Those that the previous one opens are sealed anew.
 */
@Injectable()
export class DataKeys implements OnModuleInit, BeforeApplicationShutdown {
  /** The first one first. */
  private roots: readonly RootKey[] | undefined;
  private readonly derived = new Map<string, Buffer>();
  private readonly resealers: (() => Promise<void>)[] = [];
  /** The name of the secret that everything is sealed under, as far as this process has seen to it. */
  private resealedUnder = 'root';
  private trouble = 'not loaded yet';
  private closing = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly readiness: Readiness,
    private readonly logger: Logger,
    @Inject(masterKeyConfig.token) private readonly config: ConfigValues<typeof masterKeyConfig>,
  ) {}

  /** Keys of a given secret, for specs of what uses keys and has no database. */
  static of(root: Buffer): DataKeys {
    const keys = new DataKeys(undefined as never, undefined as never, undefined as never, undefined as never);
    keys.roots = [rootKey('root', root)];
    return keys;
  }

  onModuleInit(): void {
    const check = async () => {
      if (this.roots === undefined) throw new Error(this.trouble);
    };
    this.readiness.register(`keys:${this.database.service}`, check, this.load());
    this.timer = setInterval(() => {
      if (this.roots !== undefined) void this.lookAgain();
    }, lookEveryMs);
    this.timer.unref();
  }

  beforeApplicationShutdown(): void {
    this.closing = true;
    clearInterval(this.timer);
  }

  /**
   * 256 bits, the same on every replica and after every start, but others after a rotation: for what is made now, and for what is good for minutes.
   * @throws Failure `service-unavailable` while they are not loaded
   */
  for(purpose: string): Buffer {
    return this.derive(this.newest(), purpose);
  }

  /** The same after every rotation: for hashes by which something is found again that nobody has any more. */
  lasting(purpose: string): Buffer {
    return this.derive(this.all()[0]!, purpose);
  }

  /** What `seal` made under any key of the purpose that there ever was; null when it was tampered with, or is of another context. */
  open(purpose: string, box: Buffer, context: string): Buffer | null {
    for (const root of [...this.all()].reverse()) {
      const plain = open(this.derive(root, purpose), box, context);
      if (plain !== null) return plain;
    }
    return null;
  }

  /** The key that something was made with: the newest that fits, or the newest where none does. */
  fitting(purpose: string, fits: (key: Buffer) => boolean): Buffer {
    const keys = [...this.all()].reverse().map((root) => this.derive(root, purpose));
    return keys.find((key) => fits(key)) ?? this.for(purpose);
  }

  /** @returns the box that takes another's place; undefined for one that is under the newest key, or can't be opened */
  resealed(purpose: string, box: Buffer, context: string): Buffer | undefined {
    if (open(this.for(purpose), box, context) !== null) return undefined;
    const plain = this.open(purpose, box, context);
    return plain === null ? undefined : seal(this.for(purpose), plain, context);
  }

  /** Has `reseal` run when another secret is used, by every replica, and again until it succeeds: it seals anew what is stored. */
  whenRotated(reseal: () => Promise<void>): void {
    this.resealers.push(reseal);
  }

  /** Looks for secrets that were added, and has what is stored sealed anew where the time of one has come. */
  async lookAgain(): Promise<void> {
    try {
      this.roots = await this.readOrMake();
      const { name } = this.newest();
      if (name === this.resealedUnder) return;
      for (const reseal of this.resealers) await reseal();
      this.resealedUnder = name;
      this.logger.info({ database: this.database.service }, 'what is sealed is under the newest data key');
    } catch (error) {
      // Whoever needs the database says that it is away; and a replica that has not heard of another master key goes on with what it has.
      if (!isFailure(error, 'service-unavailable') && !(error instanceof StartupError)) this.logger.error({ database: this.database.service, err: error }, 'the data keys were not looked at anew');
    }
  }

  private all(): readonly RootKey[] {
    if (this.roots === undefined) throw platformErrors.failure('service-unavailable', 'The keys are not loaded yet.', { retryAfter: 1 });
    return this.roots;
  }

  private newest(): RootKey {
    const now = Date.now();
    return [...this.all()].reverse().find(({ usedFrom }) => usedFrom <= now)!;
  }

  private derive({ name, secret }: RootKey, purpose: string): Buffer {
    const place = `${name} ${purpose}`;
    let key = this.derived.get(place);
    if (key === undefined) this.derived.set(place, (key = deriveKey(secret, purpose)));
    return key;
  }

  /** Tries for as long as the database is out of reach. */
  private async load(): Promise<void> {
    while (!this.closing) {
      try {
        this.roots = await this.readOrMake();
        return;
      } catch (error) {
        if (error instanceof StartupError) this.trouble = error.message;
        if (!isFailure(error, 'service-unavailable')) throw error;
        await delay(100, undefined, { ref: false });
      }
    }
    await new Promise<never>(() => undefined); // stopped before it could be used: whoever waits for it is not to go on
  }

  private async readOrMake(): Promise<RootKey[]> {
    let found = await dataKeysRepository.list(this.database);
    if (found.length === 0) {
      await dataKeysRepository.insert(this.database, 'root', this.sealed({ name: 'root', secret: randomBytes(32) }));
      found = await dataKeysRepository.list(this.database);
    }
    const roots: RootKey[] = [];
    for (const stored of found) roots.push(rootKey(stored.name, await this.read(stored)));
    return roots;
  }

  private async read(stored: StoredKey): Promise<Buffer> {
    const { ROLLCALL_MASTER_KEY: present, ROLLCALL_MASTER_KEY_PREVIOUS: previous } = this.config;
    // What a database holds from before data keys is under the master key of that time.
    if (stored.sealed === null) return this.sealAnew(stored, previous ?? present);
    const secret = openRoot(present, this.database.service, stored);
    if (secret !== null) return secret;
    const before = previous === undefined ? null : openRoot(previous, this.database.service, stored);
    if (before !== null) return this.sealAnew(stored, before);
    const tried = previous === undefined ? 'ROLLCALL_MASTER_KEY does not open' : 'Neither ROLLCALL_MASTER_KEY nor ROLLCALL_MASTER_KEY_PREVIOUS opens';
    throw new StartupError(`${tried} the keys in the ${this.database.service} database: set the master key that it was last started with, or give that one as ROLLCALL_MASTER_KEY_PREVIOUS.`);
  }

  /** Another replica may do the same at the same time: one of the boxes stays, and both hold the same. */
  private async sealAnew(stored: StoredKey, secret: Buffer): Promise<Buffer> {
    if (await dataKeysRepository.replace(this.database, stored, this.sealed({ name: stored.name, secret }))) this.logger.info({ database: this.database.service }, 'the keys are sealed under the master key');
    return secret;
  }

  private sealed(root: Pick<RootKey, 'name' | 'secret'>): Buffer {
    return sealRoot(this.config.ROLLCALL_MASTER_KEY, this.database.service, root);
  }
}
