import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { Logger } from '#libs/platform/logging';
import { FieldSweep } from './field-sweep.js';
import { FieldsRepository } from './fields.repository.js';

const everyMs = 15_000;

/** Finishes what a process that died left half removed or half converted. Any number of replicas may do so at once. */
@Injectable()
export class FinishSweeps implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private running = false;

  constructor(
    private readonly database: Database,
    private readonly fields: FieldsRepository,
    private readonly sweep: FieldSweep,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      // With a million users a sweep takes longer than the time between two looks.
      if (this.running) return;
      this.running = true;
      this.execute()
        .catch((error: unknown) => this.logger.warn({ err: error }, 'an unfinished sweep of custom fields failed, trying again'))
        .finally(() => (this.running = false));
    }, everyMs);
    this.timer.unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  async execute(): Promise<void> {
    for (const { realmId, name, modifiedBy } of await this.fields.leftUnswept(this.database)) {
      await this.sweep.execute(realmId, name, modifiedBy, { requestId: `sweep-${name}` });
    }
  }
}
