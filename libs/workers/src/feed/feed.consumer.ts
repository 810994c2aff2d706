import { Injectable } from '@nestjs/common';
import { allEvents } from '#libs/contracts';
import { EventConsumers } from '#libs/platform/events';
import { FeedRepository } from './feed.repository.js';

/** Appends every event of every service to the feed: one order for the whole deployment, which the outboxes lack. */
@Injectable()
export class FeedConsumer {
  private previous: Promise<void> = Promise.resolve();

  constructor(consumers: EventConsumers, feed: FeedRepository) {
    for (const eventType of allEvents) {
      consumers.on('feed', eventType, (event, commit) => this.inTurn(() => commit((tx) => feed.append(tx, event))));
    }
  }

  /** Those who wait for the sequencer's lock would each hold a connection meanwhile; here they wait without. */
  private inTurn(append: () => Promise<void>): Promise<void> {
    const turn = this.previous.then(append);
    this.previous = turn.catch(() => undefined);
    return turn;
  }
}
