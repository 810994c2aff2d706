import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { upkeepSources, WorkCounts } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { trimInbox, trimOutbox } from '#libs/platform/events';
import { trimIdempotencyKeys } from '#libs/platform/idempotency';
import { Logger } from '#libs/platform/logging';
import type { StepClock, StepOutcome } from '#libs/platform/upkeep';
import { loginDaysRepository } from '../figures/login-days.repository.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { FinishRegistrations } from '../registration/finish-registrations.js';
import { RotateSigningKeys } from '../tokens/rotate-signing-keys.js';
import { Sweep } from './sweep.js';

/** What the tables of this service need from time to time, done when a schedule of the workers asks for it. */
@Injectable()
export class Upkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly sweep: Sweep,
    private readonly registrations: FinishRegistrations,
    private readonly hasher: PasswordHasher,
    private readonly signingKeys: RotateSigningKeys,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.hasher.prepare().catch((error: unknown) => {
      // A start that is broken off, as by a wrong address of the database, ends it: that has been said.
      if (!this.stopping) this.logger.warn({ err: error }, 'password hashing did not start');
    });
  }

  beforeApplicationShutdown(): void {
    this.stopping = true;
  }

  async execute(task: Exclude<(typeof upkeepSources.identity.tasks)[number], 'clear-deleted-places'>, { timeIsUp }: StepClock): Promise<StepOutcome> {
    switch (task) {
      case 'finish-registrations':
        return this.registrations.execute(timeIsUp);
      case 'sweep-logins':
        return { counts: await this.sweepLogins(), more: false };
      case 'rotate-signing-keys':
        return { counts: await this.signingKeys.whenDue(), more: false };
      case 'trim-identity':
        return { counts: { figures: await loginDaysRepository.trim(this.database), outbox: await trimOutbox(this.database, timeIsUp), inbox: await trimInbox(this.database, timeIsUp), idempotencyKeys: await trimIdempotencyKeys(this.database, timeIsUp) }, more: timeIsUp() };
    }
  }

  private async sweepLogins(): Promise<WorkCounts> {
    const swept = await this.sweep.execute();
    if (swept !== null && swept.pendingLogins > 0) this.logger.warn({ pendingLogins: swept.pendingLogins }, 'pending logins of broken-off requests were released');
    return { ...swept };
  }
}
