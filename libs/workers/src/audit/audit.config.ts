import { defineConfig, duration } from '#libs/platform/config';

export const auditConfig = defineConfig('audit', {
  AUDIT_RETENTION: duration().default(400 * 86_400).describe('How long it is kept what administrators did'),
});
