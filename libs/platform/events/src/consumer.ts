import type { Histogram } from 'prom-client';
import type { Database, Transaction } from '#libs/platform/database';
import type { Logger } from '#libs/platform/logging';
import type { AnyEventType, DomainEvent } from '#libs/platform/messages';
import type { Metrics } from '#libs/platform/telemetry';
import { describeError, isUnavailable, within } from './delivery-failure.js';
import type { EventHandler } from './event-handler.js';
import type { Subscription, Verdict } from './event-transport.js';
import type { EventsTuning } from './events-tuning.js';
import { inboxRepository } from './inbox.repository.js';
import type { StoredEvent } from './stored-event.js';

/** Runs in the transaction of the effect, before it; false when the effect has been. */
type Claim = (tx: Transaction) => Promise<boolean>;

/** One named consumer of a service with its handlers: delivers events to them so that each takes effect once. */
export class Consumer implements Subscription {
  private readonly durations: Histogram<'service' | 'consumer' | 'outcome'>;
  private readonly handlers = new Map<string, { eventType: AnyEventType; handler: EventHandler }>();

  constructor(
    readonly service: string,
    readonly consumer: string,
    private readonly database: Database,
    private readonly tuning: EventsTuning,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.durations = metrics.durations('rollcall_event_handling_duration_seconds', 'Deliveries of events to their consumers; the outcome is handled, retry or given-up', ['service', 'consumer', 'outcome']);
  }

  get types(): ReadonlySet<string> {
    return new Set(this.handlers.keys());
  }

  add(eventType: AnyEventType, handler: EventHandler): void {
    if (this.handlers.has(eventType.type)) throw new Error(`The consumer ${this.consumer} of ${this.service} has two handlers of ${eventType.type}.`);
    this.handlers.set(eventType.type, { eventType, handler });
  }

  async handle(event: StoredEvent, delivery: number): Promise<Verdict> {
    const began = performance.now();
    const verdict = await this.deliver(event, delivery);
    this.durations.observe({ service: this.service, consumer: this.consumer, outcome: typeof verdict === 'string' ? verdict : 'retry' }, (performance.now() - began) / 1_000);
    return verdict;
  }

  private async deliver(event: StoredEvent, delivery: number): Promise<Verdict> {
    try {
      if (!this.handlers.has(event.type)) return 'handled';
      // Spares the handler's network calls; what decides is the claim in the transaction.
      if (await inboxRepository.has(this.database, this.consumer, event.id)) return 'handled';
      await within(this.run(event, (tx) => inboxRepository.claim(tx, this.consumer, event.id)), this.tuning.handlerTimeoutMs);
      return 'handled';
    } catch (error) {
      return this.failed(event, delivery, error);
    }
  }

  /**
   * Handles an event that was given up once more. Its dead letter goes in the transaction of the effect, and stays when
   * the handler fails again.
   * @returns false when there is no such dead letter
   */
  async revive(eventId: string): Promise<boolean> {
    const event = await inboxRepository.getDeadLetter(this.database, this.consumer, eventId);
    if (event === undefined) return false;
    await within(this.run(event, (tx) => inboxRepository.removeDeadLetter(tx, this.consumer, eventId)), this.tuning.handlerTimeoutMs);
    return true;
  }

  private async run(stored: StoredEvent, claim: Claim): Promise<void> {
    const handler = this.handlers.get(stored.type);
    if (handler === undefined) throw new Error(`the consumer ${this.consumer} has no handler of ${stored.type} any more`);
    const data = handler.eventType.data.parse(stored.data);
    const event: DomainEvent = { id: stored.id, type: stored.type, data, occurredAt: stored.occurredAt, requestId: stored.requestId };

    let committing: Promise<void> | undefined;
    const inTransaction = (work: (tx: Transaction) => Promise<void>) =>
      this.database.withTransaction(async (tx) => {
        if (await claim(tx)) await work(tx);
      });
    await handler.handler(event, (work) => {
      if (committing !== undefined) throw new Error('commit may be called once for an event');
      committing = inTransaction(work);
      committing.catch(() => undefined); // awaited below, but not if the handler fails before
      return committing;
    });
    // The handler may not have waited for it, or may have gone on after it failed.
    await (committing ?? inTransaction(async () => undefined));
  }

  private async failed(event: StoredEvent, delivery: number, error: unknown): Promise<Verdict> {
    const about = { service: this.service, consumer: this.consumer, eventId: event.id, eventType: event.type, requestId: event.requestId, delivery };
    const unavailable = isUnavailable(error);
    if (!unavailable && delivery >= this.tuning.deliveries) {
      try {
        const buried = await this.giveUp(event, delivery, error);
        if (buried) this.logger.error({ ...about, err: error }, 'event given up, it is among the dead letters now');
        return buried ? 'given-up' : 'handled';
      } catch (trouble) {
        this.logger.warn({ ...about, err: trouble }, 'an event could not be written to the dead letters, trying again');
      }
    }
    const doubled = this.tuning.firstRetryMs * 2 ** Math.min(delivery - 1, 20);
    const retryInMs = Math.min(doubled, unavailable ? this.tuning.longestUnavailableRetryMs : this.tuning.longestRetryMs);
    this.logger.warn({ ...about, retryInMs, err: error }, 'event could not be handled, trying again');
    return { retryInMs };
  }

  /** @returns false when a slow delivery has handled it after all */
  private async giveUp(event: StoredEvent, delivery: number, error: unknown): Promise<boolean> {
    return this.database.withTransaction(async (tx) => {
      const claimed = await inboxRepository.claim(tx, this.consumer, event.id);
      if (claimed) await inboxRepository.addDeadLetter(tx, this.consumer, event, delivery, describeError(error));
      return claimed;
    });
  }
}
