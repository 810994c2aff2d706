import { Injectable } from '@nestjs/common';
import { allEvents } from '#libs/contracts';
import { EventConsumers, type SharedWork } from '#libs/platform/events';
import { CollectFeed } from './collect-feed.js';
import { FeedRepository } from './feed.repository.js';

/** Appends every event of every service, as it arrives, to the log of all events; and has the feeds of projects filled, since there is something new. */
@Injectable()
export class FeedConsumer {
  constructor(consumers: EventConsumers, feed: FeedRepository, collectFeed: CollectFeed) {
    const together: SharedWork['together'] = (tx, events) => Promise.resolve(feed.append(tx, events));
    for (const eventType of allEvents) {
      consumers.on('feed', eventType, (_event, commit) => {
        collectFeed.nudge(eventType.type);
        return commit({ together });
      });
    }
  }
}
