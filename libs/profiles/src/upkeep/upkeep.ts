import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { trimInbox, trimOutbox } from '#libs/platform/events';
import { trimIdempotencyKeys } from '#libs/platform/idempotency';
import { Logger } from '#libs/platform/logging';
import { ensureEventPartitions } from '../events/ensure-event-partitions.js';
import { RetainEvents } from '../events/retain-events.js';

const everyMs = 3_600_000;

/**
 * Makes partitions ahead of time, keeps the outbox and the inbox from growing for ever, and deletes events whose time is over.
 * Any number of replicas may do so at once.
 */
@Injectable()
export class Upkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly retainEvents: RetainEvents,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.execute().catch((error: unknown) => this.logger.warn({ err: error }, 'the upkeep of the profiles database failed, trying again in an hour'));
    }, everyMs);
    this.timer.unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  async execute(): Promise<void> {
    const made = await this.database.withTransaction((tx) => ensureEventPartitions((text) => tx.query(text)));
    if (made.length > 0) this.logger.info({ partitions: made }, 'event partitions made');
    await trimOutbox(this.database);
    await trimInbox(this.database);
    await trimIdempotencyKeys(this.database);
    const { deleted, dropped } = await this.retainEvents.execute({ requestId: 'upkeep' });
    if (deleted > 0 || dropped.length > 0) this.logger.info({ deleted, partitions: dropped }, 'events deleted whose time was over');
  }
}
