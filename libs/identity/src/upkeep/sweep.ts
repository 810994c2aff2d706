import { Injectable } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { loginsRepository } from '../login/logins.repository.js';
import { mailThrottlesRepository } from '../mails/mail-throttles.repository.js';
import { outgoingMailsRepository } from '../mails/outgoing-mails.repository.js';
import { tokenUsesRepository } from '../sdk-keys/token-uses.repository.js';
import { revocationsRepository } from '../sessions/revocations.repository.js';
import { sessionsRepository } from '../sessions/sessions.repository.js';
import { ssoAttemptsRepository } from '../sso/sso-attempts.repository.js';
import { ssoCodesRepository } from '../sso/sso-codes.repository.js';
import { addressThrottlesRepository } from '../throttling/address-throttles.repository.js';
import { loginThrottlesRepository } from '../throttling/login-throttles.repository.js';
import { upkeepRepository } from './upkeep.repository.js';

/** How many rows of each kind a sweep dealt with. */
export interface Swept {
  pendingLogins: number;
  seals: number;
  sessions: number;
  revocations: number;
  throttles: number;
  ssoLogins: number;
  tokenUses: number;
  mails: number;
}

/**
 * Clears away what time has done with. A pending login is released and never finished: its request has not been answered,
 * and who asks again begins anew.
 */
@Injectable()
export class Sweep {
  constructor(private readonly database: Database) {}

  /** @returns null when another replica is sweeping */
  async execute(): Promise<Swept | null> {
    return this.database.withTransaction(async (tx) => {
      if (!(await upkeepRepository.tryLock(tx))) return null;
      return {
        pendingLogins: await loginsRepository.releaseOld(tx),
        seals: await sessionsRepository.dropSeals(tx),
        sessions: await sessionsRepository.sweep(tx),
        revocations: await revocationsRepository.sweep(tx),
        throttles: (await loginThrottlesRepository.sweep(tx)) + (await addressThrottlesRepository.sweep(tx)),
        ssoLogins: (await ssoAttemptsRepository.sweep(tx)) + (await ssoCodesRepository.sweep(tx)),
        tokenUses: await tokenUsesRepository.sweep(tx),
        mails: (await outgoingMailsRepository.sweep(tx)) + (await mailThrottlesRepository.sweep(tx)),
      };
    });
  }
}
