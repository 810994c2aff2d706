import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { platformErrors } from '#libs/platform/errors';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { mustBeChanged } from '../passwords/must-be-changed.js';
import { NewPasswords } from '../passwords/new-passwords.js';
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
    private readonly rpc: RpcClient,
    private readonly passwords: NewPasswords,
    private readonly reservations: LoginReservations,
    private readonly writePassword: WritePassword,
    private readonly statePush: LoginStatePush,
  ) {}

  async execute({ realmId, userId, password, keepSessionId, onlyFirst, actor }: RequestOf<typeof identity.setPassword>, context: CallContext): Promise<void> {
    if (onlyFirst && (await this.hasPassword(realmId, userId))) return;
    const passwordHash = await this.passwords.hash(password, context);
    const mustChange = await mustBeChanged(this.rpc, { realmId, userId, actor }, context);
    const change = { realmId, userId, password, passwordHash, mustChange, keepSessionId: mustChange ? null : keepSessionId, contactEmail: null, onlyFirst, actor };
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
