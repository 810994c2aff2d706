import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { platformErrors } from '#libs/platform/errors';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext } from '#libs/platform/messages';
import { LoginReservations } from '../login/login-reservations.js';
import { loginsRepository, type LoginState } from '../login/logins.repository.js';
import { importedLoginsRepository, type ImportedLogin } from './imported-logins.repository.js';

/** How often it begins anew when another request for the same user takes the row away. */
const attempts = 5;

type Wanted = Omit<ImportedLogin, 'email'>;

/** Lets one user, whom profiles knows, log in with an imported hash. */
@Injectable()
export class ImportLogin {
  constructor(
    private readonly database: Database,
    private readonly reservations: LoginReservations,
    private readonly outbox: Outbox,
  ) {}

  /** @returns the new state; null when the user could log in already, and nothing was changed */
  async execute(wanted: Wanted, context: CallContext): Promise<LoginState | null> {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const reservation = await this.reservations.reserve(wanted.realmId, wanted.userId, context);
      try {
        const state = await this.write(wanted, reservation.email, context);
        if (state !== undefined) return state;
      } catch (error) {
        await this.reservations.release(reservation);
        throw error;
      }
    }
    throw platformErrors.failure('service-unavailable', 'The login was changed at the same time: try again.', { retryAfter: 1 });
  }

  /** @returns undefined when the reservation was taken away in the meantime */
  private async write(wanted: Wanted, contactEmail: string | null, context: CallContext): Promise<LoginState | null | undefined> {
    const { realmId, userId } = wanted;
    return this.database.withTransaction(async (tx) => {
      const login = await loginsRepository.lock(tx, realmId, userId);
      if (login === undefined) return undefined;
      if (login.status === 'hidden') throw identity.identityErrors.failure('user-not-found', 'There is no such user.');
      if (login.passwordHash !== null) return null;
      const email = login.loginEmail ?? contactEmail;
      const userName = wanted.userName ?? login.userName;
      if (email === null && userName === null) throw identity.identityErrors.failure('email-missing', 'The user has neither an email nor a user name to log in with.');
      const state = await importedLoginsRepository.write(tx, { ...wanted, email, userName });
      const facts = ['login_email', 'user_name', 'password', 'status'];
      await this.outbox.append(tx, context, event(identity.loginChanged, { realmId, userId, version: state.version, facts }));
      return state;
    });
  }
}
