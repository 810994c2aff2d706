import { ServerNats } from '@nestjs/microservices';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import type { CallContext } from '#libs/platform/messages';
import type { HandlerRegistry } from './handler-registry.js';
import { natsOptions } from './nats-options.js';

/** A request on the wire, beside what its context carries. */
export interface Envelope extends Omit<CallContext, 'deadlineAt'> {
  /** Milliseconds the caller still waits; a span, because hosts' clocks differ. */
  timeoutMs: number;
  body: unknown;
}

/** How long requests that run may go on after the process was told to stop. */
const finishWithinMs = 7_000;

interface Options {
  url: string | undefined;
  /** The service's queue group. */
  queue: string;
  /** When requests can be answered: until then they are left to the other replicas. At once by default. */
  ready?: Promise<void>;
}

/**
 * Nest's NATS transport, answering from our registry: each subject in the service's queue group, so that one replica
 * answers a request and not all of them.
 */
export class NatsRpcServer extends ServerNats {
  private readonly queue: string;
  private readonly ready: Promise<void>;
  private readonly subscribed: Subscription[] = [];
  private readonly running = new Set<Promise<unknown>>();
  private closing = false;
  private listens!: () => void;
  /** Resolves when the broker knows that we answer. */
  readonly listening = new Promise<void>((resolve) => {
    this.listens = resolve;
  });

  constructor(
    { url, queue, ready = Promise.resolve() }: Options,
    private readonly registry: HandlerRegistry,
  ) {
    super(natsOptions(url));
    this.queue = queue;
    this.ready = ready;
  }

  override start(callback: (error?: unknown, ...more: unknown[]) => void): void {
    for (const subject of this.registry.subjects()) {
      this.addHandler(subject, ({ body, timeoutMs, ...carried }: Envelope) => this.registry.serve(subject, body, { ...carried, deadlineAt: Date.now() + timeoutMs }));
    }
    void this.ready.then(() => this.subscribe()).then(() => callback(), callback);
  }

  /**
   * Takes no more requests, and ends when those that came have been answered. Draining the connection alone would not do:
   * it lets nothing out from the moment that everything has come in. Nest's own close waits a fixed time or cuts requests off.
   */
  override async close(): Promise<void> {
    this.closing = true;
    const connection = this.connection();
    if (connection === undefined) return;
    await Promise.allSettled(this.subscribed.map((subscription) => subscription.drain()));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, finishWithinMs);
    });
    await Promise.race([Promise.allSettled([...this.running]), late]);
    clearTimeout(timer);
    await new Promise((resolve) => setImmediate(resolve)); // Nest hands the answers over in the next tick
    await connection.drain().catch(() => undefined); // without a connection nobody waits for an answer of ours
  }

  private async subscribe(): Promise<void> {
    const connection = this.connection();
    if (connection === undefined || this.closing) return;
    for (const subject of this.registry.subjects()) {
      const handle = this.getMessageHandler(subject) as (error: Error | null, message: unknown) => Promise<void>;
      const callback = (error: Error | null, message: unknown): void => {
        const answer = handle.call(this, error, message).finally(() => this.running.delete(answer));
        this.running.add(answer);
      };
      this.subscribed.push(connection.subscribe(subject, { queue: this.queue, callback }));
    }
    await connection.flush();
    this.listens();
  }

  /** Nothing while the first connection is still being made. */
  private connection(): NatsConnection | undefined {
    try {
      return this.unwrap<NatsConnection>();
    } catch {
      return undefined;
    }
  }
}
