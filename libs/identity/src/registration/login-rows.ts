import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { platformErrors } from '#libs/platform/errors';
import type { CallContext } from '#libs/platform/messages';
import { LoginReservations } from '../login/login-reservations.js';
import { loginsRepository } from '../login/logins.repository.js';

/** How often it begins anew when another request for the same user takes the row away. */
const attempts = 5;

/** Rows for users whom identity has had nothing to say about yet. */
@Injectable()
export class LoginRows {
  constructor(
    private readonly database: Database,
    private readonly reservations: LoginReservations,
  ) {}

  /**
   * Sees to it that the user has an active row; a new one has no names and no password, and lets nobody in.
   * @throws Failure `user-not-found`
   */
  async ensure(realmId: string, userId: string, context: CallContext): Promise<void> {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const login = await loginsRepository.find(this.database, realmId, userId);
      if (login?.status === 'active') return;
      if (login?.status === 'hidden') throw userNotFound();
      const { reservationId } = await this.reservations.reserve(realmId, userId, context);
      if (await loginsRepository.open(this.database, realmId, userId, reservationId)) return;
    }
    throw platformErrors.failure('service-unavailable', 'The login was changed at the same time: try again.', { retryAfter: 1 });
  }
}

export function userNotFound() {
  return identity.identityErrors.failure('user-not-found', 'There is no such user.');
}
