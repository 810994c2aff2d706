import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { feedSources, type OutboxEvent } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { Logger } from '#libs/platform/logging';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { FedEvents } from './fed-events.js';
import { happeningsOf } from './happenings.js';
import { ProjectFeedRepository, type NewFeedEntries } from './project-feed.repository.js';

type Service = keyof typeof feedSources;
const services = Object.keys(feedSources) as Service[];

const batch = 500;
/** So long others may join those that were told of, so that they are taken together. */
const gatherMs = 20;
/** And so long at the least lies between two collections. */
const restMs = 100;

/**
 * Brings what happened, in the order of each service, into the feeds of the projects. A service gives the oldest of its events
 * until it is told that they are committed here, where they are known by their ids. So none is lost, none doubled, and none
 * comes before an older one about the same thing, whatever dies in between and however many do this at the same time.
 */
@Injectable()
export class CollectFeed implements BeforeApplicationShutdown {
  /** Services that have something new. */
  private readonly wanted = new Set<Service>();
  private stopping = false;
  private running: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly rpc: RpcClient,
    private readonly feed: ProjectFeedRepository,
    private readonly fed: FedEvents,
    private readonly logger: Logger,
  ) {}

  /** There is something new in the outbox of the service whose event this is: has it collected soon. */
  nudge(eventType: string): void {
    const service = services.find((name) => eventType.startsWith(`${name}.`));
    if (service === undefined) return;
    this.wanted.add(service);
    if (!this.stopping) this.running ??= this.goOn();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  /**
   * Takes all that is there. Asks every service although one fails.
   * @param most batches of each service, for somebody who waits
   * @param of these services
   * @returns how many entries are new in the feeds
   * @throws Failure of the first service that failed
   */
  async collect(context: CallContext, most = Infinity, of: readonly Service[] = services): Promise<number> {
    const attempts = await Promise.allSettled(of.map((service) => this.collectFrom(service, most, context)));
    const failed = attempts.find((attempt) => attempt.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return attempts.reduce((sum, attempt) => sum + (attempt.status === 'fulfilled' ? attempt.value : 0), 0);
  }

  private async goOn(): Promise<void> {
    for (let began = -Infinity; this.wanted.size > 0 && !this.stopping; ) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(gatherMs, began + restMs - performance.now())));
      const wanted = [...this.wanted];
      this.wanted.clear();
      began = performance.now();
      await this.collect({ requestId: 'feed' }, Infinity, wanted).catch((error: unknown) => {
        this.logger.debug({ err: error }, 'the feeds could not be filled, the schedule tries again');
      });
    }
    this.running = undefined;
  }

  private async collectFrom(service: Service, most: number, context: CallContext): Promise<number> {
    const { pending, settle } = feedSources[service];
    let appended = 0;
    for (let taken = 0, goOn = true; goOn; taken += 1) {
      const { events, more } = await this.rpc.call(pending, { limit: batch }, context);
      if (events.length === 0) return appended;
      const entries = events.flatMap((event) => this.entriesOf(event));
      const added = entries.length === 0 ? 0 : await this.database.withTransaction((tx) => this.feed.append(tx, entries));
      await this.rpc.call(settle, { eventIds: events.map(({ id }) => id) }, context);
      appended += added;
      if (added > 0) this.fed.tell([...new Set(entries.map(({ projectId }) => projectId))]);
      goOn = more && taken + 1 < most && !this.stopping;
    }
    return appended;
  }

  private entriesOf(event: OutboxEvent): NewFeedEntries[] {
    const happenings = happeningsOf(event);
    if (happenings === undefined) this.logger.error({ eventId: event.id, eventType: event.type }, 'an event is none that can be told in a feed, passing it over');
    let next = 0;
    return (happenings ?? []).map((happening) => {
      const part = next;
      next += Math.max(1, happening.userIds.length);
      return { ...happening, eventId: event.id, part, occurredAt: event.occurredAt, traceparent: event.traceparent ?? null };
    });
  }
}
