import { Injectable } from '@nestjs/common';
import { allEvents } from '#libs/contracts';
import { EventConsumers } from '#libs/platform/events';
import { CollectFeed } from './collect-feed.js';
import { FeedRepository } from './feed.repository.js';

/** Appends every event of every service, as it arrives, to the log of all events; and has the feeds of projects filled, since there is something new. */
@Injectable()
export class FeedConsumer {
  private previous: Promise<void> = Promise.resolve();

  constructor(consumers: EventConsumers, feed: FeedRepository, collectFeed: CollectFeed) {
    for (const eventType of allEvents) {
      consumers.on('feed', eventType, (event, commit) => {
        collectFeed.nudge();
        return this.inTurn(() => commit((tx) => feed.append(tx, event)));
      });
    }
  }

  /** Those who wait for the sequencer's lock would each hold a connection meanwhile; here they wait without. */
  private inTurn(append: () => Promise<void>): Promise<void> {
    const turn = this.previous.then(append);
    this.previous = turn.catch(() => undefined);
    return turn;
  }
}
