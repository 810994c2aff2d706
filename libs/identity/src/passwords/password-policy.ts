import { Inject, Injectable } from '@nestjs/common';
import { identity, isWellFormed } from '#libs/contracts';
import type { ConfigValues } from '#libs/platform/config';
import { identityConfig } from '../identity.config.js';
import { canonicalName } from '../names/canonical-name.js';
import { commonPasswords } from './common-passwords.data.js';

const longest = 256;

/** Which passwords may be set. No composition rules: length and being unguessable is what helps. */
@Injectable()
export class PasswordPolicy {
  constructor(@Inject(identityConfig.token) private readonly config: ConfigValues<typeof identityConfig>) {}

  /** @throws Failure `password-refused` with the reason. Characters are counted after NFKC, in code points. */
  check(password: string): void {
    // Hashed, one would be any other that has another half in its place.
    if (!isWellFormed(password)) throw passwordRefused('must not contain half of a surrogate pair');
    const text = password.normalize('NFKC');
    const { length } = [...text];
    if (length < this.config.PASSWORD_MIN_LENGTH) throw passwordRefused(`must have at least ${this.config.PASSWORD_MIN_LENGTH} characters`);
    if (length > longest) throw passwordRefused(`must have at most ${longest} characters`);
    if (isCommon(text)) throw passwordRefused('is among the most common ones, which are tried first by whoever guesses');
  }

  /** @throws Failure `password-refused` when the password is one of the user's own names */
  checkAgainstNames(password: string, names: readonly (string | null)[]): void {
    const text = canonicalName(password);
    if (names.some((name) => name !== null && canonicalName(name) === text)) throw passwordRefused('must not be the user name or the email');
  }
}

function isCommon(text: string): boolean {
  return !/\s/.test(text) && commonPasswords.includes(` ${text.toLowerCase()} `);
}

/** @param mistake what is wrong with it, as the rest of a sentence about it */
export function passwordRefused(mistake: string) {
  return identity.identityErrors.failure('password-refused', `The password ${mistake}.`, { details: [{ path: 'password', message: mistake }] });
}
