import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { platformErrors } from '#libs/platform/errors';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { PasswordPolicy } from '../passwords/password-policy.js';
import { LoginReservations } from './login-reservations.js';
import { LoginStatePush } from './login-state-push.js';
import { loginsRepository, type LoginState } from './logins.repository.js';
import { WritePassword, type NewPassword } from './write-password.js';

/** How often it begins anew when another request for the same user takes the row away. */
const attempts = 5;

/** Gives a user a password, and with it, where there was none, a login by their contact email. */
@Injectable()
export class SetPassword {
  constructor(
    private readonly database: Database,
    private readonly policy: PasswordPolicy,
    private readonly hasher: PasswordHasher,
    private readonly reservations: LoginReservations,
    private readonly writePassword: WritePassword,
    private readonly statePush: LoginStatePush,
  ) {}

  async execute({ realmId, userId, password, keepSessionId, onlyFirst, actor }: RequestOf<typeof identity.setPassword>, context: CallContext): Promise<void> {
    if (onlyFirst && (await this.hasPassword(realmId, userId))) return;
    this.policy.check(password);
    const passwordHash = await this.hasher.hash(password, context.deadlineAt);
    const change = { realmId, userId, password, passwordHash, keepSessionId, contactEmail: null, onlyFirst, actor };
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const state = await this.attempt(change, context);
      if (state !== null) return this.statePush.push(realmId, [state], context);
    }
    throw platformErrors.failure('service-unavailable', 'The login was changed at the same time: try again.', { retryAfter: 1 });
  }

  private async hasPassword(realmId: string, userId: string): Promise<boolean> {
    const login = await loginsRepository.find(this.database, realmId, userId);
    return login !== undefined && login.passwordHash !== null;
  }

  private async attempt(change: NewPassword, context: CallContext): Promise<LoginState | null> {
    const login = await loginsRepository.find(this.database, change.realmId, change.userId);
    if (login?.status === 'active' && login.passwordHash === null) {
      const contactEmail = await this.reservations.contactEmail(change.realmId, change.userId, context);
      return this.writePassword.execute({ ...change, contactEmail, ifVersion: login.version }, context);
    }
    if (login !== undefined && login.status !== 'pending') return this.writePassword.execute(change, context);
    const reservation = await this.reservations.reserve(change.realmId, change.userId, context);
    try {
      return await this.writePassword.execute({ ...change, contactEmail: reservation.email }, context);
    } catch (error) {
      await this.reservations.release(reservation);
      throw error;
    }
  }
}
