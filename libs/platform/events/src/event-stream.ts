import { DiscardPolicy, JetStreamApiCodes, JetStreamApiError, RetentionPolicy, StorageType, type JetStreamManager, type StreamInfo } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { Logger } from '#libs/platform/logging';
import type { Acknowledged, EventStore } from './event-transport.js';

export const streamName = 'ROLLCALL';

/** As long as outboxes keep what they published. */
const keepMs = 7 * 24 * 60 * 60 * 1_000;
/** How long the broker knows event ids again by itself; longer is the inbox' duty. */
const duplicateWindowMs = 2 * 60 * 1_000;

/** The JetStream stream that holds all events: made when it is missing, and watched for losses. */
export class EventStream {
  private acknowledged: (Acknowledged & { created: string }) | undefined;
  private losses = 0;
  private seen = false;

  constructor(
    private readonly recreateMs: number,
    /** On how many servers of a cluster each event is kept. */
    private readonly replicas: number,
    private readonly logger: Logger,
  ) {}

  /** @param reconnected whether the broker was away: it may have come back with less than it had acknowledged */
  async ensure(manager: JetStreamManager, reconnected: boolean): Promise<EventStore> {
    const info = await this.infoOrCreate(manager);
    if (reconnected && (await this.hasLost(manager, info))) {
      this.losses += 1;
      this.acknowledged = undefined;
    }
    return { created: info.created, losses: this.losses };
  }

  acknowledge(created: string, { sequence, messageId }: Acknowledged): void {
    if (this.acknowledged?.created !== created || this.acknowledged.sequence < sequence) this.acknowledged = { created, sequence, messageId };
  }

  /** The newest message of the stream that was made then. */
  newest(created: string | undefined): Acknowledged | undefined {
    return this.acknowledged?.created === created ? this.acknowledged : undefined;
  }

  private async infoOrCreate(manager: JetStreamManager): Promise<StreamInfo> {
    try {
      const info = await manager.streams.info(streamName);
      this.seen = true;
      if (info.config.num_replicas !== this.replicas) await this.spread(manager, info);
      return info;
    } catch (error) {
      if (!(error instanceof JetStreamApiError) || error.code !== JetStreamApiCodes.StreamNotFound) throw error;
    }
    if (this.seen) await new Promise((resolve) => setTimeout(resolve, this.recreateMs));
    // Others may be doing the same right now: the broker takes equal requests as one.
    const made = await manager.streams.add({
      name: streamName,
      subjects: ['events.>'],
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      max_age: nanos(keepMs),
      duplicate_window: nanos(duplicateWindowMs),
      num_replicas: this.replicas,
    });
    this.seen = true;
    return made;
  }

  /** A cluster that is short of servers does not do it now; it is tried again at the next look. */
  private async spread(manager: JetStreamManager, { config }: StreamInfo): Promise<void> {
    try {
      await manager.streams.update(streamName, { num_replicas: this.replicas });
      this.logger.info({ from: config.num_replicas, to: this.replicas }, 'the stream of events is kept on another number of servers');
    } catch (error) {
      this.logger.warn({ replicas: this.replicas, err: error }, 'the stream of events can’t be kept on as many servers now');
    }
  }

  /** A host that crashed may have lost what was not on its disk yet, and a restored one what came after the backup. */
  private async hasLost(manager: JetStreamManager, { created, state }: StreamInfo): Promise<boolean> {
    const last = this.acknowledged;
    if (last === undefined || last.created !== created || last.sequence < state.first_seq) return false;
    if (last.sequence > state.last_seq) return true;
    const message = await manager.streams.getMessage(streamName, { seq: last.sequence });
    return message?.header.get('Nats-Msg-Id') !== last.messageId;
  }
}
