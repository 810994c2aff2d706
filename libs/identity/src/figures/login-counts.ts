import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Database, Tally } from '#libs/platform/database';
import { isFailure } from '#libs/platform/errors';
import { Logger } from '#libs/platform/logging';
import { loginDaysRepository, type LoginDayCounts } from './login-days.repository.js';

/** What says something of who tried, and not of how we are doing. */
const refusals = ['invalid-credentials', 'user-inactive', 'too-many-attempts', 'step-token-invalid', 'password-refused'] as const;

/** Counts logins by day, and those that were refused; written every two seconds. */
@Injectable()
export class LoginCounts implements BeforeApplicationShutdown {
  private readonly tally: Tally;

  constructor(database: Database, logger: Logger) {
    this.tally = new Tally(
      (sums) => loginDaysRepository.add(database, [...sums].map(([key, [logins = 0, refused = 0]]): LoginDayCounts => ({ realmId: key.slice(0, 36), day: key.slice(37), logins, refused }))),
      (err) => logger.warn({ err }, 'the figures of the day could not be written yet'),
    );
  }

  /** A login that waits for its next step is none yet. */
  add(realmId: string, outcome: { step: string } | { error: unknown }): void {
    const isIn = 'step' in outcome && outcome.step === 'done';
    const isRefused = 'error' in outcome && refusals.some((code) => isFailure(outcome.error, code));
    if (isIn || isRefused) this.tally.add(`${realmId} ${new Date().toISOString().slice(0, 10)}`, [isIn ? 1 : 0, isRefused ? 1 : 0]);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.tally.flush();
  }
}
