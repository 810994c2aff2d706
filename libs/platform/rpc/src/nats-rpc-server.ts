import { randomUUID } from 'node:crypto';
import { ServerNats } from '@nestjs/microservices';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type { Failure } from '#libs/platform/errors';
import { untilBeat } from './beat.js';
import type { HandlerRegistry, Reply } from './handler-registry.js';
import { mustFit, Outgoing, serviceOf, subjectOfRequests, type Envelope, type RequestBatch } from './nats-batch.js';
import { lastingNatsOptions } from './nats-options.js';
import { NatsStatusLogger } from './nats-status-logger.js';
import { sayEveryMs, subjectOfReplicas, type Sign } from './replicas.js';

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
 * Nest's NATS connection, answering from our registry: in the service's queue group, so that one replica answers a request and
 * not all of them. A message has requests that were made together; answers that are ready together share one too.
 */
export class NatsRpcServer extends ServerNats {
  protected override readonly logger = new NatsStatusLogger(ServerNats.name);
  private readonly queue: string;
  private readonly ready: Promise<void>;
  private readonly subscribed: Subscription[] = [];
  private readonly running = new Set<Promise<unknown>>();
  private readonly answers = new Outgoing<{ json: string }>((to, parts) => this.sendAnswers(to, parts));
  /** By which it can be asked, and no other replica. */
  private readonly id = randomUUID();
  private saying: NodeJS.Timeout | undefined;
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
    super(lastingNatsOptions(url));
    this.queue = queue;
    this.ready = ready;
  }

  override start(callback: (error?: unknown, ...more: unknown[]) => void): void {
    void this.ready.then(() => this.subscribe()).then(() => callback(), callback);
  }

  /**
   * Takes no more requests, and ends when those that came have been answered. Draining the connection alone would not do:
   * it lets nothing out from the moment that everything has come in. Nest's own close waits a fixed time or cuts requests off.
   */
  override async close(): Promise<void> {
    this.closing = true;
    clearTimeout(this.saying);
    this.say({ id: this.id, leaves: true });
    const connection = this.connection();
    if (connection === undefined) return;
    await Promise.allSettled(this.subscribed.map((subscription) => subscription.drain()));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, finishWithinMs);
    });
    await Promise.race([Promise.allSettled([...this.running]), late]);
    clearTimeout(timer);
    this.answers.flush();
    await connection.drain().catch(() => undefined); // without a connection nobody waits for an answer of ours
  }

  private async subscribe(): Promise<void> {
    const connection = this.connection();
    if (connection === undefined || this.closing) return;
    const callback = (error: Error | null, message: Msg): void => (error === null ? this.take(message) : undefined);
    for (const subject of new Set(this.registry.subjects().map(subjectOfRequests))) {
      this.subscribed.push(connection.subscribe(subject, { queue: this.queue, callback }), connection.subscribe(`${subject}.${this.id}`, { callback }));
    }
    await connection.flush();
    this.sayAgain();
    this.listens();
  }

  private take(message: Msg): void {
    const { to, requests } = message.json<RequestBatch>();
    for (const [number, envelope] of requests) {
      const answered = this.answer(to, number, envelope).finally(() => this.running.delete(answered));
      this.running.add(answered);
    }
  }

  private async answer(to: string, number: number, { subject, body, timeoutMs, ...carried }: Envelope): Promise<void> {
    const reply = await this.registry.serve(subject, body, { ...carried, deadlineAt: Date.now() + timeoutMs });
    this.answers.add(to, { json: answerOf(number, reply, subject) });
  }

  private sendAnswers(to: string, parts: readonly { json: string }[]): void {
    try {
      this.connection()?.publish(to, `[${parts.map(({ json }) => json).join(',')}]`);
    } catch {
      // The connection is closed: without it nobody waits for an answer of ours.
    }
  }

  private sayAgain(): void {
    this.say({ id: this.id });
    this.saying = setTimeout(() => this.sayAgain(), untilBeat(sayEveryMs)).unref();
  }

  /** To whoever asks its services, and to nobody where there is no connection. */
  private say(sign: Sign): void {
    const services = new Set(this.registry.subjects().map(serviceOf));
    const connection = this.connection();
    if (connection === undefined || connection.isClosed()) return;
    for (const service of services) connection.publish(`${subjectOfReplicas}.${service}`, JSON.stringify(sign));
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

function answerOf(number: number, reply: Reply, subject: string): string {
  const json = JSON.stringify([number, reply]);
  try {
    mustFit(json, `The answer to ${subject}`);
    return json;
  } catch (error) {
    return JSON.stringify([number, { error: (error as Failure).value }]);
  }
}
