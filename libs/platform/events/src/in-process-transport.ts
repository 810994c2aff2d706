import type { Acknowledged, EventStore, Subscription } from './event-transport.js';
import { EventTransport } from './event-transport.js';
import type { EventsTuning } from './events-tuning.js';
import { Lane } from './lane.js';
import type { StoredEvent } from './stored-event.js';

/**
 * The twin without a broker: hands each event to every consumer of this process that wants it. The outbox row stays
 * unpublished until all of them are done with it, so a crash delivers it again.
 */
export class InProcessTransport extends EventTransport {
  override readonly available = true;
  override readonly store: EventStore | undefined = undefined;
  override readonly acknowledged: Acknowledged | undefined = undefined;
  private readonly lanes = new Map<Subscription, Lane>();
  private stopped: Promise<void> | undefined;

  constructor(private readonly tuning: EventsTuning) {
    super();
  }

  override async recall(): Promise<void> {
    // nothing is stored
  }

  override subscribe(subscription: Subscription): void {
    this.lanes.set(subscription, new Lane(subscription, this.tuning));
  }

  override open(subscription: Subscription): void {
    this.lanes.get(subscription)?.open();
  }

  override deliver(events: readonly StoredEvent[]): Promise<void>[] {
    return events.map(async (event) => {
      const wanted = [...this.lanes.values()].filter((lane) => lane.takes(event));
      await Promise.all(wanted.map((lane) => lane.deliver(event)));
    });
  }

  override onChange(): void {
    // always available
  }

  override stop(): Promise<void> {
    this.stopped ??= Promise.all([...this.lanes.values()].map((lane) => lane.stop())).then(() => undefined);
    return this.stopped;
  }
}
