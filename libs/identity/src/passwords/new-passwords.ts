import { Injectable } from '@nestjs/common';
import type { CallContext } from '#libs/platform/messages';
import { PasswordHasher } from './password-hasher.js';
import { passwordRefused, PasswordPolicy } from './password-policy.js';

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

  /**
   * Of one that has to be another than the present one.
   * @throws Failure `password-refused`, `hashing-overloaded`
   */
  async hashAnother(password: string, presentHash: string | null, context: CallContext): Promise<string> {
    this.policy.check(password);
    if (await this.hasher.verify(presentHash, password, context.deadlineAt)) throw passwordRefused('must be another than the present one');
    return this.hash(password, context);
  }
}
