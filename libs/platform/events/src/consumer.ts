import type { Histogram } from 'prom-client';
import { GroupCommit, nextTurn, type Database, type Transaction } from '#libs/platform/database';
import type { Logger } from '#libs/platform/logging';
import { compiled, type AnyEventType, type DomainEvent } from '#libs/platform/messages';
import type { Metrics } from '#libs/platform/telemetry';
import { currentSpan, traced, type SpanStart } from '#libs/platform/tracing';
import { describeError, isUnavailable, within } from './delivery-failure.js';
import type { EventHandler, SharedWork, Work } from './event-handler.js';
import type { Subscription, Verdict } from './event-transport.js';
import type { EventsTuning } from './events-tuning.js';
import { inboxRepository } from './inbox.repository.js';
import { OwnFailures } from './own-failures.js';
import type { StoredEvent } from './stored-event.js';

/** The effect of one event. */
interface Effect {
  event: DomainEvent;
  work: Work | SharedWork;
}

/**
 * One named consumer of a service with its handlers: delivers events to them so that each takes effect once. Effects that are to be
 * committed while others are share the next transaction.
 */
export class Consumer implements Subscription {
  readonly types = new Set<string>();
  readonly marks = new Set<string>();
  private readonly durations: Histogram<'service' | 'consumer' | 'outcome'>;
  private readonly handlers = new Map<string, { eventType: AnyEventType; handler: EventHandler; realmId: string | undefined }>();
  private readonly commits: GroupCommit<Effect, undefined>;
  private readonly failures = new OwnFailures();

  constructor(
    readonly service: string,
    readonly consumer: string,
    private readonly database: Database,
    private readonly tuning: EventsTuning,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.durations = metrics.durations('rollcall_event_handling_duration_seconds', 'Deliveries of events to their consumers; the outcome is handled, retry or given-up', ['service', 'consumer', 'outcome']);
    this.commits = new GroupCommit(async (effects) => {
      await this.commit(effects);
      return effects.map(() => ({ answer: undefined }));
    }, { gather: nextTurn });
  }

  /** @param realmId whose events it wants only, where it is given */
  add(eventType: AnyEventType, handler: EventHandler, realmId?: string): void {
    if (this.handlers.has(eventType.type)) throw new Error(`The consumer ${this.consumer} of ${this.service} has two handlers of ${eventType.type}.`);
    this.handlers.set(eventType.type, { eventType, handler, realmId });
    this.types.add(eventType.type);
    this.marks.add(realmId ?? JSON.stringify(eventType.type));
  }

  takes({ type, data }: StoredEvent): boolean {
    const handler = this.handlers.get(type);
    return handler !== undefined && (handler.realmId === undefined || (data as { realmId?: unknown } | null)?.realmId === handler.realmId);
  }

  async handle(event: StoredEvent, delivery: number): Promise<Verdict> {
    if (!this.takes(event)) return 'handled';
    const began = performance.now();
    const verdict = await traced(() => this.spanOf(event, delivery), () => this.deliver(event, delivery));
    this.durations.observe({ service: this.service, consumer: this.consumer, outcome: typeof verdict === 'string' ? verdict : 'retry' }, (performance.now() - began) / 1_000);
    return verdict;
  }

  private spanOf({ id, type, traceparent }: StoredEvent, delivery: number): SpanStart {
    const attributes = { 'messaging.system': 'rollcall', 'messaging.operation.type': 'process', 'messaging.destination.name': type, 'messaging.consumer.group.name': this.consumer, 'messaging.message.id': id, 'rollcall.delivery': delivery };
    return { name: `${this.consumer} ${type}`, kind: 'consumer', attributes, from: traceparent, begins: true };
  }

  private async deliver(event: StoredEvent, delivery: number): Promise<Verdict> {
    try {
      // Spares the handler's network calls where it is likely; what decides is the claim in the transaction.
      const isHandled = delivery > 1 && (await inboxRepository.has(this.database, this.consumer, event.id));
      if (!isHandled) await within(this.run(event, (effect) => this.commits.submit({ ...effect, work: ofItsOwnTrace(effect.work) })), this.tuning.handlerTimeoutMs);
      if (delivery > 1) this.failures.forget(event.id);
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
    let committed = false;
    const inTransaction = async (effect?: Effect) => {
      committed = true;
      await this.database.withTransaction(async (tx) => {
        if ((await inboxRepository.removeDeadLetter(tx, this.consumer, eventId)) && effect !== undefined) await runAll(tx, [effect]);
      });
    };
    await within(this.run(event, inTransaction), this.tuning.handlerTimeoutMs);
    if (!committed) await inTransaction();
    return true;
  }

  /** @param commit runs the effect, unless it has been */
  private async run(stored: StoredEvent, commit: (effect: Effect) => Promise<void>): Promise<void> {
    const handler = this.handlers.get(stored.type);
    if (handler === undefined) throw new Error(`the consumer ${this.consumer} has no handler of ${stored.type} any more`);
    const data = compiled(handler.eventType.data).parse(stored.data);
    const event: DomainEvent = { id: stored.id, type: stored.type, data, occurredAt: stored.occurredAt, requestId: stored.requestId };

    let committing: Promise<void> | undefined;
    await handler.handler(event, (work) => {
      if (committing !== undefined) throw new Error('commit may be called once for an event');
      committing = commit({ event, work });
      committing.catch(() => undefined); // awaited below, but not if the handler fails before
      return committing;
    });
    // The handler may not have waited for it, or may have gone on after it failed. Where it has nothing to commit nothing is noted: a transaction of its own would cost more than being asked once more does.
    await committing;
  }

  /** All of them, but for those that have been, or none. */
  private async commit(effects: readonly Effect[]): Promise<void> {
    await this.database.withTransaction(async (tx) => {
      const fresh = await inboxRepository.claimAll(tx, this.consumer, [...new Set(effects.map(({ event }) => event.id))]);
      // An event that was delivered twice is among them twice.
      await runAll(tx, effects.filter(({ event }) => fresh.delete(event.id)));
    });
  }

  private async failed(event: StoredEvent, delivery: number, error: unknown): Promise<Verdict> {
    const about = { service: this.service, consumer: this.consumer, eventId: event.id, eventType: event.type, requestId: event.requestId, delivery };
    const unavailable = isUnavailable(error);
    if (!unavailable && this.failures.add(event.id) >= this.tuning.deliveries) {
      try {
        const buried = await this.giveUp(event, delivery, error);
        this.failures.forget(event.id);
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

/** In their order; neighbours that share their work, at once. */
async function runAll(tx: Transaction, effects: readonly Effect[]): Promise<void> {
  for (let place = 0; place < effects.length; ) {
    const { work } = effects[place]!;
    if (typeof work === 'function') {
      await work(tx);
      place += 1;
      continue;
    }
    const other = effects.findIndex((effect, index) => index > place && !(typeof effect.work === 'object' && effect.work.together === work.together));
    const end = other === -1 ? effects.length : other;
    await work.together(tx, effects.slice(place, end).map(({ event }) => event));
    place = end;
  }
}

/** Effects of several events share a transaction; each goes on with the trace of its own, but for work that they share. */
function ofItsOwnTrace(work: Effect['work']): Effect['work'] {
  const span = currentSpan();
  return span === undefined || typeof work !== 'function' ? work : (tx) => span.run(() => work(tx));
}
