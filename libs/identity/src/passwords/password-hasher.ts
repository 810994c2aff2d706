import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { parseOptions, type Algorithm, type Options } from '@node-rs/argon2';
import type { ConfigValues } from '#libs/platform/config';
import { identityConfig } from '../identity.config.js';
import { HashingPool } from './hashing-pool.js';

/** `Algorithm.Argon2id`, which is a constant that exists for the type checker alone. */
const argon2id = 2 as Algorithm.Argon2id;

/** Hashes passwords with argon2id, and compares them. */
@Injectable()
export class PasswordHasher {
  private readonly options: Options;
  private dummy: Promise<string> | undefined;

  constructor(
    private readonly pool: HashingPool,
    @Inject(identityConfig.token) config: ConfigValues<typeof identityConfig>,
  ) {
    this.options = { algorithm: argon2id, memoryCost: config.PASSWORD_HASH_MEMORY_KIB, timeCost: config.PASSWORD_HASH_ITERATIONS, parallelism: config.PASSWORD_HASH_PARALLELISM, outputLen: 32 };
  }

  /** @returns a PHC string with a salt of its own */
  async hash(password: string, deadlineAt?: number): Promise<string> {
    return this.pool.run<string>({ password: normalized(password), options: this.options }, deadlineAt);
  }

  /** A null hash fits no password, and takes as long to find that out: nobody learns from the time who has one. */
  async verify(hash: string | null, password: string, deadlineAt?: number): Promise<boolean> {
    const fits = await this.pool.run<boolean>({ password: normalized(password), hash: hash ?? (await this.dummyHash()) }, deadlineAt);
    return fits && hash !== null;
  }

  /** Whether the parameters have risen since the hash was made. */
  isOutdated(hash: string): boolean {
    const made = parseOptions(hash);
    const { memoryCost = 0, timeCost = 0, parallelism = 0 } = this.options;
    return made.algorithm !== argon2id || made.memoryCost < memoryCost || made.timeCost < timeCost || made.parallelism < parallelism;
  }

  /** Makes what the first unknown name would else have to wait for. */
  async prepare(): Promise<void> {
    await this.dummyHash();
  }

  private dummyHash(): Promise<string> {
    this.dummy ??= this.hash(randomBytes(32).toString('base64')).catch((error: unknown) => {
      this.dummy = undefined;
      throw error;
    });
    return this.dummy;
  }
}

/** So that it does not matter which keyboard composed an "é". */
function normalized(password: string): string {
  return password.normalize('NFKC');
}
