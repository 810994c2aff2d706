import { Inject, Injectable } from '@nestjs/common';
import { allEvents } from '#libs/contracts';
import type { ConfigValues } from '#libs/platform/config';
import { EventConsumers, type SharedWork } from '#libs/platform/events';
import { CollectFeed } from './collect-feed.js';
import { feedConfig } from './feed.config.js';
import { FeedRepository } from './feed.repository.js';

/** At every event of every service: has the feeds of projects filled, since there is something new; and appends it to the log of all events, where that is kept. */
@Injectable()
export class FeedConsumer {
  constructor(consumers: EventConsumers, feed: FeedRepository, collectFeed: CollectFeed, @Inject(feedConfig.token) { EVENT_LOG }: ConfigValues<typeof feedConfig>) {
    const together: SharedWork['together'] = (tx, events) => Promise.resolve(feed.append(tx, events));
    for (const eventType of allEvents) {
      consumers.on('feed', eventType, async (_event, commit) => {
        collectFeed.nudge(eventType.type);
        if (EVENT_LOG) await commit({ together });
      });
    }
  }
}
