import { defineConfig, duration, flag } from '#libs/platform/config';

export const feedConfig = defineConfig('feed', {
  FEED_RETENTION: duration().default(30 * 86_400).describe('How long events are kept in the [feeds of projects](docs/guides/events-feed.md); whoever comes later has missed some, and is told so'),
  EVENT_LOG: flag().default(false).describe('Keep a log of all events as they arrived, for 30 days, in the workers’ table `feed`: to look whether they are delivered (tests)'),
});
