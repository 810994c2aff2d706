import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { trimInbox, trimOutbox } from '#libs/platform/events';
import { trimIdempotencyKeys } from '#libs/platform/idempotency';
import { Logger } from '#libs/platform/logging';

const everyMs = 3_600_000;

/** Keeps the outbox, the inbox and idempotency keys from growing for ever. Any number of replicas may do so at once. */
@Injectable()
export class TrimEvents implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.trim().catch((error: unknown) => this.logger.warn({ err: error }, 'the outbox could not be trimmed, trying again in an hour'));
    }, everyMs);
    this.timer.unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  async trim(): Promise<void> {
    await trimOutbox(this.database);
    await trimInbox(this.database);
    await trimIdempotencyKeys(this.database);
  }
}
