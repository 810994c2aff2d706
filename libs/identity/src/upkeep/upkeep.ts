import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { isFailure } from '#libs/platform/errors';
import { Database } from '#libs/platform/database';
import { trimInbox, trimOutbox } from '#libs/platform/events';
import { trimIdempotencyKeys } from '#libs/platform/idempotency';
import { Logger } from '#libs/platform/logging';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { FinishRegistrations } from '../registration/finish-registrations.js';
import { RotateSigningKeys } from '../tokens/rotate-signing-keys.js';
import { Sweep } from './sweep.js';

const everyMs = 10_000;
const trimEveryMs = 3_600_000;

/** Sweeps and trims from time to time while the service runs. */
@Injectable()
export class Upkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private trimmedAt = Date.now();

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
    this.timer = setInterval(() => {
      this.running ??= this.once().finally(() => {
        this.running = undefined;
      });
    }, everyMs);
    this.timer.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async once(): Promise<void> {
    try {
      await this.trim();
      await this.registrations.execute();
      await this.signingKeys.whenDue();
      const swept = await this.sweep.execute();
      if (swept !== null && swept.pendingLogins > 0) this.logger.warn({ pendingLogins: swept.pendingLogins }, 'pending logins of broken-off requests were released');
    } catch (error) {
      // The database is away, and whoever needs it says so.
      if (!isFailure(error, 'service-unavailable')) this.logger.error({ err: error }, 'the sweep failed');
    }
  }

  /** Keeps the outbox and the inbox from growing for ever. */
  private async trim(): Promise<void> {
    if (Date.now() - this.trimmedAt < trimEveryMs) return;
    await trimOutbox(this.database);
    await trimInbox(this.database);
    await trimIdempotencyKeys(this.database);
    this.trimmedAt = Date.now();
  }
}
