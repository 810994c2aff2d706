import type { StoredEvent } from './stored-event.js';

/** What becomes of a delivery. */
export type Verdict =
  | 'handled' // committed, or not for this consumer
  | 'given-up' // written to the dead letters
  | { retryInMs: number };

/** One consumer of one service, as a transport sees it. */
export interface Subscription {
  readonly service: string;
  readonly consumer: string;
  /** The event types it wants; complete when `open` is called. */
  readonly types: ReadonlySet<string>;
  /** The JSON of an event that it wants holds one of these texts, in ASCII: what holds none of them need not be parsed. */
  readonly marks: ReadonlySet<string>;
  /** Whether it wants this one. What it does not want may be handed to it all the same, and is handled then. */
  takes(event: StoredEvent): boolean;
  /** @param delivery 1 for the first. Never rejects. */
  handle(event: StoredEvent, delivery: number): Promise<Verdict>;
}

/** The store that takes published events, where there is one. A relay that has not met it yet fills it with what it still has. */
export interface EventStore {
  /** When it was made, in the broker's own words. */
  readonly created: string;
  /** How often it was seen to have lost events that it had acknowledged. */
  readonly losses: number;
}

/** A stored message. A store that has another one in its place, or none, has lost events that it had acknowledged. */
export interface Acknowledged {
  readonly sequence: number;
  readonly messageId: string;
}

/** Carries committed events from outboxes to consumers. */
export abstract class EventTransport {
  /** False while it can't take events; relays wait. */
  abstract readonly available: boolean;
  /** Absent where events go straight to the consumers. */
  abstract readonly store: EventStore | undefined;
  /** The newest that the store has acknowledged to this process; absent where it has none, or there is no store. */
  abstract readonly acknowledged: Acknowledged | undefined;

  /** Looks whether the store still has what it acknowledged to whoever relayed before; where not, `store.losses` grows. */
  abstract recall(acknowledged: Acknowledged): Promise<void>;

  /**
   * Takes events over, in their order.
   * @returns of each, what resolves when its outbox row is done with: stored by the broker, or handled by every consumer. It rejects
   * when the event has to be handed over again
   */
  abstract deliver(events: readonly StoredEvent[]): Promise<void>[];

  /** Makes a consumer known, before the application has started. Nothing is delivered to it yet. */
  abstract subscribe(subscription: Subscription): void;

  /** From now on the consumer can take events. */
  abstract open(subscription: Subscription): void;

  /** Calls `listener` whenever waiting relays should look again. */
  abstract onChange(listener: () => void): void;

  /** Begins no more handlers, and resolves when those that run have ended or have had their time. Harmless when called twice. */
  abstract stop(): Promise<void>;
}
