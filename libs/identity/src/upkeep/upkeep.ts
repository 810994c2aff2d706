import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { isFailure } from '#libs/platform/errors';
import { Logger } from '#libs/platform/logging';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { Sweep } from './sweep.js';

const everyMs = 10_000;

/** Sweeps from time to time while the service runs. */
@Injectable()
export class Upkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly sweep: Sweep,
    private readonly hasher: PasswordHasher,
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
      const swept = await this.sweep.execute();
      if (swept !== null && swept.pendingLogins > 0) this.logger.warn({ pendingLogins: swept.pendingLogins }, 'pending logins of broken-off requests were released');
    } catch (error) {
      // The database is away, and whoever needs it says so.
      if (!isFailure(error, 'service-unavailable')) this.logger.error({ err: error }, 'the sweep failed');
    }
  }
}
