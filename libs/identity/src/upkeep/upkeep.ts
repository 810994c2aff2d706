import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { upkeepSources, WorkCounts } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { trimInbox, trimOutbox } from '#libs/platform/events';
import { trimIdempotencyKeys } from '#libs/platform/idempotency';
import { Logger } from '#libs/platform/logging';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { FinishRegistrations } from '../registration/finish-registrations.js';
import { RotateSigningKeys } from '../tokens/rotate-signing-keys.js';
import { Sweep } from './sweep.js';

/** What the tables of this service need from time to time, done when a schedule of the workers asks for it. */
@Injectable()
export class Upkeep implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly sweep: Sweep,
    private readonly registrations: FinishRegistrations,
    private readonly hasher: PasswordHasher,
    private readonly signingKeys: RotateSigningKeys,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.hasher.prepare().catch((error: unknown) => this.logger.warn({ err: error }, 'password hashing did not start'));
  }

  /** Goes on for as long as it may, and a step longer. `more`: something may be left. */
  async execute(task: Exclude<(typeof upkeepSources.identity.tasks)[number], 'clear-deleted-places'>, budgetMs: number): Promise<{ counts: WorkCounts; more: boolean }> {
    const until = performance.now() + budgetMs;
    switch (task) {
      case 'finish-registrations':
        return this.registrations.execute(() => performance.now() >= until);
      case 'sweep-logins':
        return { counts: await this.sweepLogins(), more: false };
      case 'rotate-signing-keys':
        return { counts: await this.signingKeys.whenDue(), more: false };
      case 'trim-identity':
        return { counts: { outbox: await trimOutbox(this.database), inbox: await trimInbox(this.database), idempotencyKeys: await trimIdempotencyKeys(this.database) }, more: false };
    }
  }

  private async sweepLogins(): Promise<WorkCounts> {
    const swept = await this.sweep.execute();
    if (swept !== null && swept.pendingLogins > 0) this.logger.warn({ pendingLogins: swept.pendingLogins }, 'pending logins of broken-off requests were released');
    return { ...swept };
  }
}
