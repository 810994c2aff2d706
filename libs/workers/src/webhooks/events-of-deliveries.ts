import { Injectable } from '@nestjs/common';
import type { operations } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { CallContext } from '#libs/platform/messages';
import { ComposeEvents } from '../feed/compose-events.js';
import { ProjectFeedRepository } from '../feed/project-feed.repository.js';
import type { BegunDelivery } from './attempts.repository.js';

/** What is to be sent: made of the feed and of what its owners know now. */
@Injectable()
export class EventsOfDeliveries {
  constructor(
    private readonly database: Database,
    private readonly feed: ProjectFeedRepository,
    private readonly composeEvents: ComposeEvents,
  ) {}

  /**
   * @returns by position; one that the feed does not keep any more is missing
   * @throws Failure when an owner is out of reach
   */
  async of(projectId: string, deliveries: readonly BegunDelivery[], context: CallContext): Promise<ReadonlyMap<number, operations.CloudEvent>> {
    const entries = await this.feed.some(this.database, projectId, deliveries.map(({ position }) => position));
    const events = new Map<number, operations.CloudEvent>();
    while (events.size < entries.length) {
      const rest = entries.slice(events.size);
      const composed = await this.composeEvents.compose(projectId, rest, context);
      composed.forEach((event, place) => events.set(rest[place]!.position, event));
    }
    return events;
  }
}
