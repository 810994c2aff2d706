import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import type { ConfigValues } from '#libs/platform/config';
import { Logger } from '#libs/platform/logging';
import { limitsConfig } from './limits.config.js';
import { MemoryCounter } from './memory-counter.js';
import { RequestCounter } from './request-counter.js';

/** Provides `RequestCounter` to everybody. */
@Module({})
export class LimitsModule {
  static register(store: 'memory' | 'redis'): DynamicModule {
    return { module: LimitsModule, global: true, providers: [store === 'redis' ? inRedis : inMemory], exports: [RequestCounter] };
  }
}

const inMemory: Provider = { provide: RequestCounter, useFactory: () => new MemoryCounter() };

// Not among the dependencies of /health/ready: a gateway serves without it.
const inRedis: Provider = {
  provide: RequestCounter,
  // Loaded where it is used: the services behind the gateway have no Redis.
  useFactory: async (config: ConfigValues<typeof limitsConfig>, logger: Logger) => {
    const { RedisCounter } = await import('./redis-counter.js');
    return new RedisCounter(config.REDIS_URL, logger);
  },
  inject: [limitsConfig.token, Logger],
};
