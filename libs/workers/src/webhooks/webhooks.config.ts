import { defineConfig, duration, httpOrigin, list } from '#libs/platform/config';

export const webhooksConfig = defineConfig('webhooks', {
  WEBHOOK_INSIDE_ORIGINS: list(httpOrigin()).describe('Origins, comma-separated, that [webhooks](docs/guides/webhooks.md) may be sent to though they are inside (this host, private networks) or speak plain HTTP'),
  WEBHOOK_TIMEOUT: duration().default(15).describe('How long the receiver of a webhook may take to answer'),
  WEBHOOK_RETRY_FOR: duration().default(3 * 86_400).describe('For how long an event is sent again that a receiver does not take'),
  WEBHOOK_DISABLE_AFTER: duration().default(5 * 86_400).describe('How long a webhook may take nothing before it is disabled'),
  WEBHOOK_LOG_RETENTION: duration().default(30 * 86_400).describe('How long it is kept what became of each delivery'),
});
