import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { profiles, systemActor, type membership } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { isFailure } from '#libs/platform/errors';
import { Logger } from '#libs/platform/logging';
import { RpcClient } from '#libs/platform/rpc';
import { CompleteRegistration } from './complete-registration.js';
import { registrationsRepository, type Registration } from './registrations.repository.js';

/** What was to be given was checked when it was asked for. */
const grantor: membership.Grantor = { actor: systemActor, permissions: [] };

type Outcome = 'finished' | 'released' | 'postponed';

/** Finishes registrations that were broken off after there was a profile, and releases the names of the others. */
@Injectable()
export class FinishRegistrations {
  constructor(
    private readonly database: Database,
    private readonly rpc: RpcClient,
    private readonly completion: CompleteRegistration,
    private readonly logger: Logger,
  ) {}

  /** Any number of replicas may do so at once. What can't be finished now is tried again half a minute later. */
  /**
   * @param timeIsUp asked between two of them: when it says so, the rest waits
   * @returns how many of which; `more`: some are left
   */
  async execute(timeIsUp: () => boolean = () => false): Promise<{ counts: Record<Outcome, number>; more: boolean }> {
    const counts = { finished: 0, released: 0, postponed: 0 };
    // An import that was killed leaves some hundred; those that were taken over aren't there to be taken again.
    for (let taken = await this.takeOver(); taken.length > 0; taken = await this.takeOver()) {
      for (const registration of taken) counts[await this.attempt(registration)] += 1;
      if (timeIsUp()) return { counts, more: true };
    }
    return { counts, more: false };
  }

  private takeOver(): Promise<Registration[]> {
    return registrationsRepository.takeOver(this.database);
  }

  private async attempt(registration: Registration): Promise<Outcome> {
    const { userId } = registration;
    try {
      const outcome = (await this.finish(registration)) ? 'finished' : 'released';
      this.logger.warn({ userId }, `a registration that was broken off is ${outcome}`);
      return outcome;
    } catch (error) {
      this.logger.warn({ userId, err: error }, 'a registration that was broken off could not be finished yet');
      return 'postponed';
    }
  }

  private async finish(registration: Registration): Promise<boolean> {
    const { realmId, userId } = registration;
    // Not by the user's id: the audit trail keeps request ids, beside what stands for the user after an erasure.
    const context = { requestId: `registration-${randomUUID()}` };
    try {
      await this.rpc.call(profiles.getUser, { realmId, user: { userId } }, context);
    } catch (error) {
      if (!isFailure(error, 'user-not-found')) throw error;
      await registrationsRepository.release(this.database, registration);
      return false;
    }
    await this.completion.execute(registration, grantor, context);
    return true;
  }
}
