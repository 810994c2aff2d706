import type { SessionLock } from '#libs/platform/database';
import type { Logger } from '#libs/platform/logging';
import type { EventTransport } from './event-transport.js';
import type { EventsTuning } from './events-tuning.js';
import { outboxRepository, type RelayMemory } from './outbox.repository.js';

/**
 * Notices that the broker's store is not the one that published events went to (wiped, made anew, thrown back), and
 * publishes again what the outbox still has. Consumers know by the inbox what they have handled before.
 */
export class StoreFiller {
  private memory: RelayMemory | undefined;
  private knownLosses = 0;
  private republished = 0;

  constructor(
    private readonly lock: SessionLock,
    private readonly transport: EventTransport,
    private readonly tuning: EventsTuning,
    private readonly logger: Logger,
  ) {}

  /** Does a part of what is to be done. @returns whether there may be more */
  async goOn(): Promise<boolean> {
    const { store } = this.transport;
    if (store === undefined) return false;
    this.memory ??= await outboxRepository.relayMemory(this.lock);
    if (this.memory.storeCreated !== store.created || this.knownLosses !== store.losses) {
      await outboxRepository.startRepublishing(this.lock, store.created);
      this.knownLosses = store.losses;
      this.memory = await outboxRepository.relayMemory(this.lock);
      if (this.memory.republishThrough > 0) this.logger.warn({ storeCreated: store.created }, 'the event store is new or has lost events, publishing those of the outbox again');
    }
    return this.memory.republishAfter < this.memory.republishThrough && this.republishSome(this.memory);
  }

  private async republishSome(memory: RelayMemory): Promise<boolean> {
    const entries = await outboxRepository.published(this.lock, memory.republishAfter, memory.republishThrough, this.tuning.batch);
    try {
      await Promise.all(this.transport.deliver(entries.map(({ sequence: _, ...event }) => event)));
    } catch (error) {
      this.logger.debug({ err: error }, 'events could not be published again, trying later');
      return false;
    }
    memory.republishAfter = entries.at(-1)?.sequence ?? memory.republishThrough;
    await outboxRepository.republishedTo(this.lock, memory.republishAfter);
    this.republished += entries.length;
    if (entries.length === 0) this.logger.info({ events: this.republished }, 'the event store has been filled again');
    return entries.length > 0;
  }
}
