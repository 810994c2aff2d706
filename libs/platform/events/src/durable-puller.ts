import { AckPolicy, DeliverPolicy, JetStreamApiCodes, JetStreamApiError, type ConsumerConfig, type ConsumerInfo, type JetStreamManager } from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';
import type { Logger } from '#libs/platform/logging';
import { untilBeat } from '#libs/platform/rpc';
import type { DeliveredMessage } from './delivered-message.js';
import { allOf, eventsIn } from './event-message.js';
import { streamName } from './event-stream.js';
import type { Subscription, Verdict } from './event-transport.js';
import type { EventsTuning } from './events-tuning.js';
import { durableOf } from './older-versions.js';
import { PullInbox } from './pull-inbox.js';
import { Slots } from './slots.js';
import type { StoredEvent } from './stored-event.js';
import { Turns } from './turns.js';
import { Wake } from './wake.js';

/** Delivered and unanswered at the most, over all replicas; those that wait for another try count too. */
const mostUnanswered = 5_000;

/** A connection to a broker whose stream is there. */
export interface Broker {
  nats: NatsConnection;
  manager: JetStreamManager;
}

/** Pulls one service's events for one consumer through a durable that all replicas share. */
export class DurablePuller {
  readonly durable: string;
  private readonly older: string;
  private readonly marks: readonly Buffer[];
  /** Of messages. */
  private readonly slots: Slots;
  /** Of events. */
  private readonly turns: Turns;
  private readonly wake = new Wake();
  private broker: Broker | undefined;
  private inbox: PullInbox | undefined;
  private stopping = false;
  private running: Promise<void> | undefined;

  /** @param onTrouble asks for the stream to be looked at */
  constructor(
    private readonly subscription: Subscription,
    private readonly source: string,
    private readonly tuning: EventsTuning,
    private readonly onTrouble: () => void,
    private readonly logger: Logger,
  ) {
    this.older = `${subscription.service}-${subscription.consumer}-${source}`;
    this.durable = durableOf(this.older);
    this.marks = [...subscription.marks].map((mark) => Buffer.from(mark));
    this.slots = new Slots(tuning.concurrency);
    this.turns = new Turns(tuning.concurrency);
  }

  /** From now on pulls from this broker, or from none; a request that waits is given up. */
  use(broker: Broker | undefined): void {
    this.broker = broker;
    this.inbox?.interrupt();
    this.wake.call();
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.wake.call();
    // A request that is waiting ends by itself. Left behind it would not only lose what is on its way: older brokers
    // (2.9) put off what they have to deliver again by the whole ack_wait when they meet a request without a listener.
    await this.running;
    await this.slots.idle(this.tuning.drainMs);
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      const { broker } = this;
      if (broker === undefined) {
        await this.wake.sleep(this.tuning.reconnectMs);
        continue;
      }
      try {
        await this.pullFrom(broker);
      } catch (error) {
        if (this.broker !== broker) continue; // explains it
        this.logger.debug({ durable: this.durable, err: error }, 'pulling events was interrupted');
        this.onTrouble();
        await this.wake.sleep(this.tuning.recreateMs);
      }
    }
  }

  /** Until the broker is another, or the durable turns out to be gone. */
  private async pullFrom(broker: Broker): Promise<void> {
    await this.ensureConsumer(broker.manager);
    const inbox = PullInbox.of(broker.nats, streamName, this.durable, (message) => void this.slots.run(() => this.deliver(message)));
    this.inbox = inbox;
    try {
      while (!this.stopping && this.broker === broker) {
        await this.slots.whenHalfFree();
        await inbox.request(this.slots.free, untilBeat(this.tuning.pullMs));
      }
    } finally {
      this.inbox = undefined;
      void inbox.close();
    }
  }

  private async ensureConsumer(manager: JetStreamManager): Promise<void> {
    const settings = { ack_wait: nanos(this.tuning.ackWaitMs), max_deliver: -1, max_ack_pending: mostUnanswered, filter_subject: allOf(this.source) };
    const config = (await infoOf(manager, this.durable))?.config;
    if (config === undefined) {
      await manager.consumers.add(streamName, { durable_name: this.durable, ack_policy: AckPolicy.Explicit, ...(await this.beginning(manager)), ...settings });
    } else if (!Object.entries(settings).every(([key, value]) => config[key as keyof typeof settings] === value)) {
      await manager.consumers.update(streamName, this.durable, settings);
    }
  }

  /** Where the version before had come to, or the oldest event that is there. */
  private async beginning(manager: JetStreamManager): Promise<Pick<ConsumerConfig, 'deliver_policy' | 'opt_start_seq'>> {
    const before = await infoOf(manager, this.older);
    return before === undefined ? { deliver_policy: DeliverPolicy.All } : { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: before.ack_floor.stream_seq + 1 };
  }

  private async deliver(message: DeliveredMessage): Promise<void> {
    if (this.stopping) return message.nak(this.tuning.pullMs); // for another replica, or for us after a restart
    // Most of a service's events are of no interest to most who hear of them all.
    if (!message.holds(this.marks)) return message.ack();
    const events = this.read(message);
    if (events === undefined) return message.term();
    const alive = setInterval(() => message.working(), this.tuning.ackWaitMs / 3);
    try {
      const verdicts = await this.handle(events.filter((event) => this.subscription.takes(event)), message.delivery);
      const retries = verdicts.flatMap((verdict) => (typeof verdict === 'string' ? [] : [verdict.retryInMs]));
      // Those that are done with are known by the inbox when the others come again.
      if (retries.length > 0) message.nak(Math.min(...retries));
      else if (verdicts.includes('given-up')) message.term();
      else message.ack();
    } finally {
      clearInterval(alive);
    }
  }

  private handle(events: readonly StoredEvent[], delivery: number): Promise<Verdict[]> {
    return Promise.all(events.map((event) => this.turns.take(() => this.subscription.handle(event, delivery))));
  }

  private read(message: DeliveredMessage): readonly StoredEvent[] | undefined {
    try {
      return eventsIn(message.json<Parameters<typeof eventsIn>[0]>());
    } catch (error) {
      this.logger.error({ durable: this.durable, streamSequence: message.streamSequence, err: error }, 'a message in the event stream is no event, passing it over');
      return undefined;
    }
  }
}

async function infoOf(manager: JetStreamManager, durable: string): Promise<ConsumerInfo | undefined> {
  try {
    return await manager.consumers.info(streamName, durable);
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.ConsumerNotFound) return undefined;
    throw error;
  }
}
