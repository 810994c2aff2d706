import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { CallContext } from '#libs/platform/messages';
import { loginsRepository, type LoginRow } from '../login/logins.repository.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { LoginThrottle } from '../throttling/login-throttle.js';

/** What failures are counted under: as of a device of the user's, which no login is tried from. */
const ownPassword = Buffer.from('own password');

/** Asks for the password of somebody who is logged in, before they change what a thief of their session would change too. */
@Injectable()
export class OwnPasswordCheck {
  constructor(
    private readonly database: Database,
    private readonly throttle: LoginThrottle,
    private readonly hasher: PasswordHasher,
  ) {}

  /**
   * Failures count by themselves: whoever guesses here does not keep the user from logging in.
   * @returns the login whose password it is
   * @throws Failure `password-wrong`, `too-many-attempts`, `user-not-found`, `hashing-overloaded`
   */
  async check({ realmId, userId, password }: { realmId: string; userId: string; password: string }, context: CallContext): Promise<LoginRow> {
    const passwordTry = await this.throttle.begin({ realmId, name: userId, address: null, device: { userId, deviceId: ownPassword } });
    try {
      const login = await loginsRepository.find(this.database, realmId, userId);
      if (login?.status !== 'active') throw identity.identityErrors.failure('user-not-found', 'There is no such user.');
      if (await this.hasher.verify(login.passwordHash, password, context.deadlineAt)) {
        await passwordTry.succeeded(this.database);
        return login;
      }
      await passwordTry.failed();
      throw identity.identityErrors.failure('password-wrong', 'The password is wrong.');
    } finally {
      await passwordTry.leave();
    }
  }
}

/**
 * For the transaction of what the password was asked for: whoever got in with it may have been kept out since.
 * @param login locked
 * @param checked as it was when its password was checked
 * @throws Failure `password-wrong`, `user-not-found`
 */
export function assertStillChecked(login: LoginRow | undefined, checked: LoginRow): asserts login is LoginRow {
  if (login?.status !== 'active' || login.suspended || !login.isActive) throw identity.identityErrors.failure('user-not-found', 'There is no such user.');
  if (login.passwordHash !== checked.passwordHash) throw identity.identityErrors.failure('password-wrong', 'The password was changed at the same time.');
}
