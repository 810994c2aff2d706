import { defineConfig, url, wholeNumber } from '#libs/platform/config';

export const queueConfig = defineConfig('queue', {
  REDIS_URL: url(['redis:', 'rediss:'], 'a redis:// or rediss:// address')
    .optional()
    .describe('The Redis server (6.2 or newer, with maxmemory-policy noeviction) of the services topology, redis://host:6379'),
  JOB_CONCURRENCY: wholeNumber({ min: 1, max: 100 }).default(5).describe('Jobs of one queue that each workers process runs at the same time'),
});
