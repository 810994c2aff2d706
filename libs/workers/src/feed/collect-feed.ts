import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { feedSources, type OutboxEvent } from '#libs/contracts';
import { Database, GroupCommit, nextTurn, SessionLock } from '#libs/platform/database';
import { Logger } from '#libs/platform/logging';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { FedEvents } from './fed-events.js';
import { happeningsOf } from './happenings.js';
import { ProjectFeedRepository, type NewFeedEntries } from './project-feed.repository.js';

type Service = keyof typeof feedSources;
const services = Object.keys(feedSources) as Service[];

/** What a service had to tell at one look. */
interface Told {
  service: Service;
  entries: readonly NewFeedEntries[];
}

const batch = 500;
/** So long others may join those that were told of, so that they are taken together. */
const gatherMs = 20;
/** And so long at the least lies between the beginnings of two collections … */
const restMs = 100;
/** … or so many times what the last one took, but no longer than this: while the machine has much to do, more goes together. */
const restTimes = 4;
const longestRestMs = 1_000;

/**
 * Brings what happened, in the order of each service, into the feeds of the projects. A service gives the oldest of its events
 * until it is told that they are committed here, where they are known by their ids. So none is lost, none doubled, and none
 * comes before an older one about the same thing, whatever dies in between and however many do this at the same time.
 */
@Injectable()
export class CollectFeed implements BeforeApplicationShutdown {
  /** Services that have something new. */
  private readonly wanted = new Set<Service>();
  private readonly appending: GroupCommit<Told, number>;
  private stopping = false;
  private running: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly rpc: RpcClient,
    feed: ProjectFeedRepository,
    fed: FedEvents,
    private readonly logger: Logger,
  ) {
    // What services have to tell at the same time is appended together: each by itself would wait for the others' turn, since it is of the same projects.
    const append = async (told: readonly Told[]): Promise<{ answer: number }[]> => {
      const entries = told.flatMap((one) => one.entries);
      const added = await database.withTransaction((tx) => feed.append(tx, entries));
      if (added > 0) fed.tell([...new Set(entries.map(({ projectId }) => projectId))]);
      return told.map((_, place) => ({ answer: place === 0 ? added : 0 }));
    };
    // Two looks at one service may have the same events: the later one finds them appended.
    this.appending = new GroupCommit(append, { gather: nextTurn, keyOf: ({ service }) => service });
  }

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
    while (this.wanted.size > 0 && !this.stopping) {
      await pause(gatherMs);
      const turn = await this.takeTurn();
      if (turn === undefined) await pause(restMs);
      else await this.collectWhatIsWanted(turn);
    }
    this.running = undefined;
  }

  /** One process at a time is at it: others would look at the same events in vain, and each would have a smaller part of them. Who has to wait looks later, for what they were told of. */
  private async takeTurn(): Promise<SessionLock | undefined> {
    try {
      return await SessionLock.take(this.database, 'feed');
    } catch (error) {
      this.logger.debug({ err: error }, 'the feeds could not be filled, trying again');
      return undefined;
    }
  }

  private async collectWhatIsWanted(turn: SessionLock): Promise<void> {
    try {
      while (this.wanted.size > 0 && !this.stopping) {
        await turn.beat().catch(() => undefined);
        if (turn.isLost) return;
        const wanted = [...this.wanted];
        this.wanted.clear();
        const began = performance.now();
        await this.collect({ requestId: 'feed' }, Infinity, wanted).catch((error: unknown) => {
          this.logger.debug({ err: error }, 'the feeds could not be filled, the schedule tries again');
        });
        const took = performance.now() - began;
        await pause(Math.max(restMs, Math.min(took * restTimes, longestRestMs)) - took);
      }
    } finally {
      await turn.unlock();
    }
  }

  private async collectFrom(service: Service, most: number, context: CallContext): Promise<number> {
    const { pending, settle } = feedSources[service];
    let appended = 0;
    for (let taken = 0, goOn = true; goOn; taken += 1) {
      const { events, more } = await this.rpc.call(pending, { limit: batch }, context);
      if (events.length === 0) return appended;
      const entries = events.flatMap((event) => this.entriesOf(event));
      const added = entries.length === 0 ? 0 : await this.appending.submit({ service, entries });
      await this.rpc.call(settle, { eventIds: events.map(({ id }) => id) }, context);
      appended += added;
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

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
