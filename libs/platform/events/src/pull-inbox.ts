import { createInbox, nanos, type Msg, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { DeliveredMessage } from './delivered-message.js';

/** How much later than agreed the broker may say that a request has expired. */
const graceMs = 3_000;

/**
 * Asks a durable for messages. The client library's own pull can't be short, and unsubscribes at once when it is stopped:
 * what is on its way then comes again only when the broker has waited in vain for its acknowledgement.
 */
export class PullInbox {
  private readonly inbox = createInbox();
  private readonly subscription: Subscription;
  private expected = 0;
  private settle: ((trouble?: Error) => void) | undefined;

  constructor(
    private readonly nats: NatsConnection,
    private readonly subject: string,
    private readonly take: (message: DeliveredMessage) => void,
  ) {
    this.subscription = nats.subscribe(this.inbox, { callback: (error, message) => this.receive(error, message) });
  }

  static of(nats: NatsConnection, stream: string, durable: string, take: (message: DeliveredMessage) => void): PullInbox {
    return new PullInbox(nats, `$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`, take);
  }

  /** Resolves when `batch` messages have come or the time is over; rejects when the durable or the broker is gone. */
  async request(batch: number, expiresMs: number): Promise<void> {
    this.expected = batch;
    let timer: NodeJS.Timeout | undefined;
    const settled = new Promise<void>((resolve, reject) => {
      this.settle = (trouble) => (trouble === undefined ? resolve() : reject(trouble));
      timer = setTimeout(() => reject(new Error('the broker does not answer')), expiresMs + graceMs);
    });
    try {
      this.nats.publish(this.subject, JSON.stringify({ batch, expires: nanos(expiresMs) }), { reply: this.inbox });
      await settled;
    } finally {
      clearTimeout(timer);
      this.settle = undefined;
    }
  }

  /** Ends a request that is waiting. */
  interrupt(): void {
    this.settle?.();
  }

  /** Resolves when no message can come any more. */
  async close(): Promise<void> {
    await this.subscription.drain().catch(() => undefined); // without a connection nothing comes either
  }

  private receive(error: Error | null, message: Msg): void {
    if (error !== null) return this.settle?.(error);
    if (message.subject !== this.inbox) {
      this.take(new DeliveredMessage(message));
      this.expected -= 1;
      if (this.expected <= 0) this.settle?.();
      return;
    }
    const code = message.headers?.code ?? 0;
    if (code === 404 || code === 408) this.settle?.();
    else if (code >= 400) this.settle?.(new Error(`the broker answered ${code} ${message.headers?.description ?? ''}`));
  }
}
