import { defineConfig, duration } from '#libs/platform/config';

export const feedConfig = defineConfig('feed', {
  FEED_RETENTION: duration().default(30 * 86_400).describe('How long events are kept in the [feeds of projects](docs/guides/events-feed.md); whoever comes later has missed some, and is told so'),
});
