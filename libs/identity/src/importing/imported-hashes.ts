import { Injectable } from '@nestjs/common';
import { isFailure } from '#libs/platform/errors';
import type { CallContext } from '#libs/platform/messages';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { wrappedText } from '../passwords/stored-hash.js';
import type { ImportCandidate } from './import-candidate.js';

/** Enough for every core, few enough that those who log in meanwhile find one. */
const atOnce = 8;

/** Brings hashes into the form in which they are stored: a digest that is quick to try passwords against never is as it came. */
@Injectable()
export class ImportedHashes {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly hasher: PasswordHasher) {}

  /** Gives the candidate its `passwordHash`, or a result when it can't be made. */
  async complete(candidate: ImportCandidate, { deadlineAt }: CallContext): Promise<void> {
    const { hash } = candidate;
    if ('stored' in hash) {
      candidate.passwordHash = hash.stored;
      return;
    }
    // Made in an earlier round.
    if (candidate.passwordHash !== '') return;
    const { digest, saltFirst, salt, hex } = hash;
    if (this.running >= atOnce) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running += 1;
    try {
      candidate.passwordHash = wrappedText({ digest, saltFirst, salt, hash: await this.hasher.hash(hex, deadlineAt) });
    } catch (error) {
      if (!isFailure(error)) throw error;
      candidate.fail(error);
    } finally {
      // Whoever waited longest takes the place as it is.
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }
}
