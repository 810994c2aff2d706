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
  /** Outlives the lock: one loss is made good once, however often this process begins to relay. */
  private knownLosses = 0;
  private republished = 0;

  constructor(
    private readonly transport: EventTransport,
    private readonly tuning: EventsTuning,
    private readonly logger: Logger,
  ) {}

  /** Others may have relayed meanwhile. */
  begin(): void {
    this.memory = undefined;
  }

  /** Does a part of what is to be done. @returns whether there may be more */
  async goOn(lock: SessionLock): Promise<boolean> {
    if (this.transport.store === undefined) return false;
    this.memory ??= await this.remember(lock, this.transport.store.created);
    const { store } = this.transport;
    if (this.memory.storeCreated !== store.created || this.knownLosses !== store.losses) {
      await outboxRepository.startRepublishing(lock, store.created);
      this.knownLosses = store.losses;
      this.republished = 0;
      this.memory = await outboxRepository.relayMemory(lock);
      if (this.memory.republishThrough > 0) this.logger.warn({ storeCreated: store.created }, 'the event store is new or has lost events, publishing those of the outbox again');
    }
    return this.memory.republishAfter < this.memory.republishThrough && this.republishSome(lock, this.memory);
  }

  /** What the store acknowledged to a process that is gone, only the database knows. */
  private async remember(lock: SessionLock, storeCreated: string): Promise<RelayMemory> {
    const memory = await outboxRepository.relayMemory(lock);
    if (memory.acknowledged !== null && memory.storeCreated === storeCreated) await this.transport.recall(memory.acknowledged);
    return memory;
  }

  private async republishSome(lock: SessionLock, memory: RelayMemory): Promise<boolean> {
    const entries = await outboxRepository.published(lock, memory.republishAfter, memory.republishThrough, this.tuning.batch);
    try {
      await Promise.all(this.transport.deliver(entries.map(({ sequence: _, ...event }) => event)));
    } catch (error) {
      this.logger.debug({ err: error }, 'events could not be published again, trying later');
      return false;
    }
    memory.republishAfter = entries.at(-1)?.sequence ?? memory.republishThrough;
    await outboxRepository.republishedTo(lock, memory.republishAfter, this.transport.acknowledged);
    this.republished += entries.length;
    if (memory.republishAfter < memory.republishThrough) return true;
    this.logger.info({ events: this.republished }, 'the event store has been filled again');
    return false;
  }
}
