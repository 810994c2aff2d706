import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { identity, profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { isFailure } from '#libs/platform/errors';
import { Logger } from '#libs/platform/logging';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { loginsRepository } from './logins.repository.js';

export interface Reservation {
  realmId: string;
  userId: string;
  reservationId: string;
  /** The contact email as it stood when profiles began to ask us before it changes it; what it asked since is on the pending row. */
  email: string | null;
}

/**
 * The first half of letting somebody log in: a pending row, which makes our answer to profiles' question "may this email
 * change?" be about the login, and then profiles' word that it asks. Whoever dies in between leaves a row that is swept.
 */
@Injectable()
export class LoginReservations {
  constructor(
    private readonly database: Database,
    private readonly rpc: RpcClient,
    private readonly logger: Logger,
  ) {}

  /** @throws Failure `user-not-found` when profiles knows no such user; nothing is left behind */
  async reserve(realmId: string, userId: string, context: CallContext): Promise<Reservation> {
    const reservationId = randomUUID();
    await loginsRepository.reserve(this.database, realmId, userId, reservationId);
    const reservation = { realmId, userId, reservationId, email: null };
    try {
      return { ...reservation, email: await this.contactEmail(realmId, userId, context) };
    } catch (error) {
      await this.release(reservation);
      throw error;
    }
  }

  /**
   * The email as it stands; from now on profiles asks before it changes it.
   * @throws Failure `user-not-found`
   */
  async contactEmail(realmId: string, userId: string, context: CallContext): Promise<string | null> {
    try {
      return (await this.rpc.call(profiles.beginLogin, { realmId, userId }, context)).email;
    } catch (error) {
      if (isFailure(error, 'user-not-found')) throw identity.identityErrors.failure('user-not-found', 'There is no such user.');
      throw error;
    }
  }

  /** Never fails: what can't be released now is swept. */
  async release({ realmId, userId, reservationId }: Reservation): Promise<void> {
    await loginsRepository.release(this.database, realmId, userId, reservationId).catch((error: unknown) => {
      this.logger.warn({ userId, err: error }, 'a pending login could not be released and is left to the sweep');
    });
  }
}
