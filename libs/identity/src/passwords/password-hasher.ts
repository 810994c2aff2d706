import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { parseOptions, type Algorithm, type Options } from '@node-rs/argon2';
import { isWellFormed } from '#libs/contracts';
import type { ConfigValues } from '#libs/platform/config';
import { DataKeys } from '#libs/platform/keys';
import { traced, type SpanStart } from '#libs/platform/tracing';
import { identityConfig } from '../identity.config.js';
import { HashingPool } from './hashing-pool.js';
import { isArgon2, verificationOf } from './stored-hash.js';

/** `Algorithm.Argon2id`, which is a constant that exists for the type checker alone. */
const argon2id = 2 as Algorithm.Argon2id;

/** The wait for a thread is part of it. */
const hashing: SpanStart = { name: 'hash password', kind: 'internal' };

/** Hashes passwords with argon2id, and compares them also with hashes that were imported. */
@Injectable()
export class PasswordHasher {
  private readonly options: Options;
  private dummy: Promise<string> | undefined;

  constructor(
    private readonly pool: HashingPool,
    private readonly dataKeys: DataKeys,
    @Inject(identityConfig.token) config: ConfigValues<typeof identityConfig>,
  ) {
    this.options = { algorithm: argon2id, memoryCost: config.PASSWORD_HASH_MEMORY_KIB, timeCost: config.PASSWORD_HASH_ITERATIONS, parallelism: config.PASSWORD_HASH_PARALLELISM, outputLen: 32 };
  }

  /** @returns a PHC string with a salt of its own */
  async hash(password: string, deadlineAt?: number): Promise<string> {
    return traced(hashing, () => this.pool.run<string>({ password: normalized(password), options: this.options }, deadlineAt));
  }

  /** A null hash fits no password, and no hash fits one that is not well-formed; it takes as long to find that out: nobody learns from the time who has one. */
  async verify(hash: string | null, password: string, deadlineAt?: number): Promise<boolean> {
    const verification = verificationOf(hash ?? (await this.dummyHash()), this.dataKeys.lasting(importedKeysPurpose));
    const fits = await traced(hashing, () => this.pool.run<boolean>({ passwords: candidates(password), verification }, deadlineAt));
    return fits && hash !== null && isWellFormed(password);
  }

  /** Whether the parameters have risen since the hash was made, or it was imported and is no argon2id. */
  isOutdated(hash: string): boolean {
    if (!isArgon2(hash)) return true;
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

/** What others' secrets in imported hashes are sealed for. */
export const importedKeysPurpose = 'imported hash keys';

/** Where the hash was imported, it may have been made of the password as it was typed. */
function candidates(password: string): string[] {
  return [...new Set([normalized(password), password])];
}

/** So that it does not matter which keyboard composed an "é". */
function normalized(password: string): string {
  return password.normalize('NFKC');
}
