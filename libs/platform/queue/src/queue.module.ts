import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import type { ConfigValues } from '#libs/platform/config';
import { databaseConfig } from '#libs/platform/database';
import { Logger } from '#libs/platform/logging';
import { Readiness } from '#libs/platform/telemetry';
import { JobQueue } from './job-queue.js';
import { Jobs } from './jobs.js';
import { QueueBackend } from './queue-backend.js';
import { QueueFigures } from './queue-figures.js';
import { QueueInspector } from './queue-inspector.js';
import { QueueTuning } from './queue-tuning.js';
import { queueConfig } from './queue.config.js';
import { RunQueues } from './run-queues.js';

export interface QueueOptions {
  /** Whether this process runs jobs, or only makes them. */
  runs: boolean;
  /** The only queues whose jobs it runs; absent: all. What is scheduled runs in any case. */
  only?: readonly string[];
  /** Times and sizes that differ from the usual ones. */
  tuning?: Partial<QueueTuning>;
}

/** Provides `JobQueue` to everybody and, where jobs are run, `Jobs` and `QueueInspector`. */
@Module({})
export class QueueModule {
  static register(store: 'redis' | 'postgres', { runs, only, tuning = {} }: QueueOptions): DynamicModule {
    const running: Provider[] = runs ? [{ provide: RunQueues, useValue: new RunQueues(only) }, Jobs, QueueInspector, QueueFigures] : [];
    return {
      module: QueueModule,
      global: true,
      providers: [{ provide: QueueTuning, useValue: new QueueTuning(tuning) }, store === 'redis' ? onRedis : onPostgres, JobQueue, ...running],
      exports: [QueueTuning, JobQueue, ...(runs ? [Jobs, QueueInspector, QueueFigures] : [])],
    };
  }
}

function watched<B extends QueueBackend>(name: string, backend: B, readiness: Readiness): B {
  readiness.register(name, () => backend.check(), backend.whenStarted());
  return backend;
}

// Loaded where there is a queue: BullMQ is a seventh of what a service would load at its start, and all but the workers have none.
const onRedis: Provider = {
  provide: QueueBackend,
  useFactory: async (config: ConfigValues<typeof queueConfig>, tuning: QueueTuning, readiness: Readiness, logger: Logger) => {
    const { RedisBackend } = await import('./redis-backend.js');
    return watched('redis', new RedisBackend(config.REDIS_URL, tuning, logger), readiness);
  },
  inject: [queueConfig.token, QueueTuning, Readiness, Logger],
};

const onPostgres: Provider = {
  provide: QueueBackend,
  useFactory: async (config: ConfigValues<typeof databaseConfig>, tuning: QueueTuning, readiness: Readiness, logger: Logger) => {
    const { PostgresBackend } = await import('./postgres-backend.js');
    return watched('postgres:queue', new PostgresBackend(config.DATABASE_URL, tuning, logger), readiness);
  },
  inject: [databaseConfig.token, QueueTuning, Readiness, Logger],
};
