import { Injectable } from '@nestjs/common';
import type { CallContext } from '#libs/platform/messages';
import { PasswordHasher } from './password-hasher.js';
import { PasswordPolicy } from './password-policy.js';

/** Checks and hashes passwords that are to be set. */
@Injectable()
export class NewPasswords {
  constructor(
    private readonly policy: PasswordPolicy,
    private readonly hasher: PasswordHasher,
  ) {}

  /** @throws Failure `password-refused`, `hashing-overloaded` */
  async hash(password: string, { deadlineAt }: CallContext): Promise<string> {
    this.policy.check(password);
    return this.hasher.hash(password, deadlineAt);
  }
}
