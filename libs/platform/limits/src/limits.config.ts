import { defineConfig, url } from '#libs/platform/config';

export const limitsConfig = defineConfig('limits', {
  REDIS_URL: url(['redis:', 'rediss:'], 'a redis:// or rediss:// address')
    .optional()
    .describe('The gateways count requests there together; without it, a gateway by itself limits nothing'),
});
