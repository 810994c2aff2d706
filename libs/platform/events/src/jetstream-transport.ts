import { jetstreamManager, type JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { ConfigValues } from '#libs/platform/config';
import { StartupError } from '#libs/platform/errors';
import type { Logger } from '#libs/platform/logging';
import type { rpcConfig } from '#libs/platform/rpc';
import type { Readiness } from '#libs/platform/telemetry';
import { DurablePuller, type Broker } from './durable-puller.js';
import { messagesOf, type EventMessage } from './event-message.js';
import { EventStream, streamName } from './event-stream.js';
import { EventTransport, type Acknowledged, type EventStore, type Subscription } from './event-transport.js';
import type { EventsTuning } from './events-tuning.js';
import { JetStreamConnection } from './jetstream-connection.js';
import { isPulledByOlder } from './older-versions.js';
import { sourceOf, type StoredEvent } from './stored-event.js';

const publishTimeoutMs = 3_000;

/** Carries events over NATS JetStream: one stream for all, a durable for each consumer and the service it listens to. */
export class JetStreamTransport extends EventTransport implements OnApplicationShutdown {
  private readonly stream: EventStream;
  private readonly connection: JetStreamConnection;
  private readonly pullers: DurablePuller[] = [];
  private readonly listeners: (() => void)[] = [];
  private readonly watch: NodeJS.Timeout;
  private broker: Broker | undefined;
  private client: JetStreamClient | undefined;
  private reason = 'not connected to NATS yet';
  private checking: Promise<void> | undefined;
  private stopped: Promise<void> | undefined;
  private known: EventStore | undefined;
  /** Whether all who take events take messages with several. */
  private severalUnderstood = false;
  private firstUse: (() => void) | undefined;
  private brokerReturned = false;
  private nextLook: NodeJS.Timeout | undefined;

  constructor(
    { NATS_URL: url, NATS_STREAM_REPLICAS: replicas }: Pick<ConfigValues<typeof rpcConfig>, 'NATS_URL' | 'NATS_STREAM_REPLICAS'>,
    private readonly tuning: EventsTuning,
    readiness: Readiness,
    private readonly logger: Logger,
  ) {
    super();
    if (url === undefined) throw new StartupError('NATS_URL is not set: it must be a nats:// or tls:// address.');
    this.stream = new EventStream(tuning.recreateMs, replicas, logger);
    const started = new Promise<void>((resolve) => {
      this.firstUse = resolve;
    });
    readiness.register('jetstream', () => this.assertAvailable(), started);
    this.connection = new JetStreamConnection(url, tuning.reconnectMs, { up: (nats) => void this.up(nats), down: () => this.down('NATS is out of reach') }, logger);
    this.watch = setInterval(() => void this.check(), tuning.streamCheckMs);
  }

  override get available(): boolean {
    return this.client !== undefined;
  }

  override get store(): EventStore | undefined {
    return this.known;
  }

  override get acknowledged(): Acknowledged | undefined {
    return this.stream.newest(this.known?.created);
  }

  /** The relay knows that it is of this stream. */
  override async recall(acknowledged: Acknowledged): Promise<void> {
    if (this.known === undefined) return;
    this.stream.acknowledge(this.known.created, acknowledged);
    await this.checking; // it began without it
    this.brokerReturned = true;
    await this.check();
  }

  override deliver(events: readonly StoredEvent[]): Promise<void>[] {
    return messagesOf(events, this.severalUnderstood ? this.tuning.together : 1).flatMap((message) => {
      const stored = this.publish(message);
      return message.events.map(() => stored);
    });
  }

  override subscribe(): void {
    // durables are made when they are opened
  }

  override open(subscription: Subscription): void {
    for (const source of new Set([...subscription.types].map(sourceOf))) {
      const puller = new DurablePuller(subscription, source, this.tuning, () => void this.check(), this.logger);
      this.pullers.push(puller);
      if (this.stopped === undefined) puller.use(this.available ? this.broker : undefined);
    }
  }

  override onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  override stop(): Promise<void> {
    this.stopped ??= Promise.all(this.pullers.map((puller) => puller.stop())).then(() => undefined);
    return this.stopped;
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.watch);
    clearTimeout(this.nextLook);
    await this.stop();
    await this.connection.close();
  }

  private async publish({ subject, id, json }: EventMessage): Promise<void> {
    const { client, known } = this;
    if (client === undefined || known === undefined) throw new Error(this.reason);
    try {
      const { seq } = await client.publish(subject, json, { msgID: id, timeout: publishTimeoutMs });
      this.stream.acknowledge(known.created, { sequence: seq, messageId: id });
    } catch (error) {
      void this.check(); // the stream may be gone
      throw error;
    }
  }

  private async up(nats: NatsConnection): Promise<void> {
    this.down('the event stream has not been looked at yet');
    this.broker = { nats, manager: await jetstreamManager(nats, { checkAPI: false, timeout: publishTimeoutMs }) };
    this.brokerReturned = true;
    await this.check();
  }

  private down(reason: string): void {
    this.reason = reason;
    this.broker = undefined;
    this.client = undefined;
    for (const puller of this.pullers) puller.use(undefined);
  }

  /** Looks at the stream and makes it when it is missing; one look at a time. */
  private check(): Promise<void> {
    this.checking ??= this.look().finally(() => {
      this.checking = undefined;
    });
    return this.checking;
  }

  private async look(): Promise<void> {
    clearTimeout(this.nextLook);
    const { broker } = this;
    if (broker === undefined) return;
    try {
      const store = await this.stream.ensure(broker.manager, this.brokerReturned);
      this.severalUnderstood = !(await isPulledByOlder(broker));
      if (this.broker !== broker) return await this.look();
      const changed = this.client === undefined || store.created !== this.known?.created || store.losses !== this.known.losses;
      this.brokerReturned = false;
      this.known = store;
      this.client ??= broker.manager.jetstream();
      if (changed) this.begin(broker);
    } catch (error) {
      if (this.broker !== broker) return this.look();
      const reason = `the event stream is out of reach: ${error instanceof Error ? error.message : String(error)}`;
      if (this.reason !== reason) this.logger.warn({ stream: streamName, err: error }, 'the event stream is out of reach, trying again');
      this.reason = reason;
      this.client = undefined;
      this.nextLook = setTimeout(() => void this.check(), this.tuning.reconnectMs);
    }
  }

  private begin(broker: Broker): void {
    this.reason = 'NATS is out of reach';
    this.firstUse?.();
    if (this.stopped === undefined) for (const puller of this.pullers) puller.use(broker);
    for (const listener of this.listeners) listener();
  }

  private async assertAvailable(): Promise<void> {
    if (!this.available) throw new Error(this.reason);
  }
}
