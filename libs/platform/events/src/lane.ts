import type { Subscription } from './event-transport.js';
import type { EventsTuning } from './events-tuning.js';
import { Slots } from './slots.js';
import type { StoredEvent } from './stored-event.js';

interface Waiting {
  event: StoredEvent;
  delivery: number;
  done: () => void;
  failed: (error: Error) => void;
}

/** The way to one consumer of this process: a queue of its own, so that consumers don't wait for one another. */
export class Lane {
  private readonly queue: Waiting[] = [];
  /** Those that wait for their next delivery, with its timer. */
  private readonly later = new Map<Waiting, NodeJS.Timeout>();
  private readonly slots: Slots;
  private isOpen = false;
  private stopping = false;

  constructor(
    private readonly subscription: Subscription,
    private readonly tuning: EventsTuning,
  ) {
    this.slots = new Slots(tuning.concurrency);
  }

  takes(event: StoredEvent): boolean {
    return this.subscription.takes(event);
  }

  /** Resolves when the consumer is done with the event; rejects when the process stops before. */
  deliver(event: StoredEvent): Promise<void> {
    if (this.stopping) return Promise.reject(new Error('stopped'));
    return new Promise((done, failed) => {
      this.queue.push({ event, delivery: 1, done, failed });
      this.next();
    });
  }

  open(): void {
    this.isOpen = true;
    this.next();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    for (const timer of this.later.values()) clearTimeout(timer);
    for (const waiting of [...this.queue.splice(0), ...this.later.keys()]) waiting.failed(new Error('stopped'));
    this.later.clear();
    await this.slots.idle(this.tuning.drainMs);
  }

  private next(): void {
    while (this.isOpen && !this.stopping && this.slots.free > 0) {
      const waiting = this.queue.shift();
      if (waiting === undefined) return;
      void this.slots.run(() => this.attempt(waiting)).then(() => this.next());
    }
  }

  private async attempt(waiting: Waiting): Promise<void> {
    const verdict = await this.subscription.handle(waiting.event, waiting.delivery);
    if (typeof verdict === 'string') return waiting.done();
    if (this.stopping) return waiting.failed(new Error('stopped'));
    waiting.delivery += 1;
    const timer = setTimeout(() => {
      this.later.delete(waiting);
      this.queue.push(waiting);
      this.next();
    }, verdict.retryInMs);
    this.later.set(waiting, timer);
  }
}
