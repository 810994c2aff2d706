import { AckPolicy, DeliverPolicy, JetStreamApiCodes, JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';
import type { Logger } from '#libs/platform/logging';
import type { DeliveredMessage } from './delivered-message.js';
import { streamName, subjectOf } from './event-stream.js';
import type { Subscription } from './event-transport.js';
import type { EventsTuning } from './events-tuning.js';
import { PullInbox } from './pull-inbox.js';
import { Slots } from './slots.js';
import { sourceOf, type StoredEvent } from './stored-event.js';
import { Wake } from './wake.js';

/** Delivered and unanswered at the most, over all replicas; those that wait for another try count too. */
const mostUnanswered = 5_000;

const allOf = (source: string): string => subjectOf(`${source}.>`);

/** A connection to a broker whose stream is there. */
export interface Broker {
  nats: NatsConnection;
  manager: JetStreamManager;
}

/** Pulls one service's events for one consumer through a durable that all replicas share. */
export class DurablePuller {
  readonly durable: string;
  private readonly filter: string;
  private readonly slots: Slots;
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
    this.durable = `${subscription.service}-${subscription.consumer}-${source}`;
    const types = [...subscription.types].filter((type) => sourceOf(type) === source);
    // A durable has one filter, with a broker of 2.9: the one type, or all of the service.
    this.filter = types.length === 1 ? subjectOf(types[0]!) : allOf(source);
    this.slots = new Slots(tuning.concurrency);
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
        await inbox.request(this.slots.free, this.tuning.pullMs);
      }
    } finally {
      this.inbox = undefined;
      void inbox.close();
    }
  }

  private async ensureConsumer(manager: JetStreamManager): Promise<void> {
    const settings = { ack_wait: nanos(this.tuning.ackWaitMs), max_deliver: -1, max_ack_pending: mostUnanswered, filter_subject: this.filter };
    try {
      const { config } = await manager.consumers.info(streamName, this.durable);
      // Never narrowed: another version beside this one may want more, and what the filter leaves out does not come again.
      if (config.filter_subject === allOf(this.source)) settings.filter_subject = config.filter_subject;
      const same = Object.entries(settings).every(([key, value]) => config[key as keyof typeof settings] === value);
      if (!same) await manager.consumers.update(streamName, this.durable, settings);
    } catch (error) {
      if (!(error instanceof JetStreamApiError) || error.code !== JetStreamApiCodes.ConsumerNotFound) throw error;
      await manager.consumers.add(streamName, { durable_name: this.durable, ack_policy: AckPolicy.Explicit, deliver_policy: DeliverPolicy.All, ...settings });
    }
  }

  private async deliver(message: DeliveredMessage): Promise<void> {
    if (this.stopping) return message.nak(this.tuning.pullMs); // for another replica, or for us after a restart
    const event = this.read(message);
    if (event === undefined) return message.term();
    const alive = setInterval(() => message.working(), this.tuning.ackWaitMs / 3);
    try {
      const verdict = await this.subscription.handle(event, message.delivery);
      if (verdict === 'handled') message.ack();
      else if (verdict === 'given-up') message.term();
      else message.nak(verdict.retryInMs);
    } finally {
      clearInterval(alive);
    }
  }

  private read(message: DeliveredMessage): StoredEvent | undefined {
    try {
      return message.json<StoredEvent>();
    } catch (error) {
      this.logger.error({ durable: this.durable, streamSequence: message.streamSequence, err: error }, 'a message in the event stream is no event, passing it over');
      return undefined;
    }
  }
}
