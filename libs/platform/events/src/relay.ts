import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Database, SessionLock } from '#libs/platform/database';
import { Logger } from '#libs/platform/logging';
import { untilBeat } from '#libs/platform/rpc';
import { isUnavailable } from './delivery-failure.js';
import { EventTransport } from './event-transport.js';
import { EventsTuning } from './events-tuning.js';
import { OutboxFloor } from './outbox-floor.js';
import { outboxRepository, type OutboxEntry } from './outbox.repository.js';
import { StoreFiller } from './store-filler.js';
import { Wake } from './wake.js';

/** A row that could not be handed over is left alone for this long. */
const failedDeliveryPauseMs = 250;

/**
 * Takes the rows of the outbox, in order, to the transport, and marks those it is done with. Of all processes one relays
 * a database at a time; the others stand by.
 */
@Injectable()
export class Relay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly wake = new Wake();
  private readonly stopped = new Wake();
  /** Handed over and not yet marked, by sequence. They outlive the lock: whoever gets it again goes on with them. */
  private readonly inFlight = new Map<number, Promise<void>>();
  /** Done with, and to be marked. */
  private finished: number[] = [];
  private stopping = false;
  private running: Promise<void> | undefined;
  private readonly filler: StoreFiller;

  constructor(
    private readonly database: Database,
    private readonly transport: EventTransport,
    private readonly tuning: EventsTuning,
    private readonly logger: Logger,
  ) {
    this.filler = new StoreFiller(transport, tuning, logger.child({ database: database.service }));
  }

  /** There is something new in the outbox. */
  nudge(): void {
    this.wake.call();
  }

  onApplicationBootstrap(): void {
    this.transport.onChange(() => this.wake.call());
    this.running = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.wake.call();
    this.stopped.call();
    await this.transport.stop();
    await this.running;
  }

  private async run(): Promise<void> {
    for (let failures = 0; !this.stopping; ) {
      try {
        const lock = await SessionLock.take(this.database, 'relay', { onLost: () => this.wake.call(), forgetful: true });
        if (lock !== undefined) {
          this.logger.debug({ database: this.database.service }, 'this process relays the outbox');
          try {
            await this.relay(lock);
          } finally {
            await lock.unlock();
          }
        }
        failures = 0;
      } catch (error) {
        failures += 1;
        const fields = { database: this.database.service, failures, err: error };
        // A connection that was cut is not worth a word, and a second failure not worth one every second.
        if (isUnavailable(error) || (failures !== 2 && failures % 60 !== 0)) this.logger.debug(fields, 'the relay lost its database, trying again');
        else this.logger.error(fields, 'the relay of the outbox fails, trying again');
      }
      if (!this.stopping) await this.stopped.sleep(untilBeat(this.tuning.lockRetryMs));
    }
  }

  private async relay(lock: SessionLock): Promise<void> {
    const floor = new OutboxFloor(lock, this.tuning);
    this.filler.begin();
    while (!this.stopping && !lock.isLost) {
      const began = performance.now();
      await this.mark(lock);
      await lock.beat();
      const more = this.transport.available && [await this.filler.goOn(lock), await this.handOver(lock, floor)].includes(true);
      if (more) continue;
      if (this.finished.length === 0) await this.wake.sleep(untilBeat(this.tuning.pollMs));
      // What is committed and what is done with meanwhile is looked at together; who comes alone is looked at at once.
      await this.stopped.sleep(began + this.tuning.restMs - performance.now());
    }
    if (lock.isLost) return;
    await this.lastOnesToFinish();
    await this.mark(lock);
  }

  /** @returns whether there may be more */
  private async handOver(lock: SessionLock, floor: OutboxFloor): Promise<boolean> {
    const room = Math.min(this.tuning.batch, this.tuning.mostInFlight - this.inFlight.size);
    if (room <= 0) return false;
    const entries = await outboxRepository.unpublished(lock, [...this.inFlight.keys()], room, await floor.beforeLook());
    const delivered = this.transport.deliver(entries.map(({ sequence: _, ...event }) => event));
    entries.forEach((entry, place) => this.inFlight.set(entry.sequence, this.settle(entry, delivered[place]!)));
    if (entries.length === room) return true;
    floor.afterLook(this.inFlight.keys());
    return false;
  }

  private async settle({ sequence, ...event }: OutboxEntry, delivered: Promise<void>): Promise<void> {
    try {
      await delivered;
      this.finished.push(sequence);
      this.wake.call();
    } catch (error) {
      if (!this.stopping) this.logger.debug({ eventId: event.id, eventType: event.type, err: error }, 'event could not be handed over, trying again');
      setTimeout(() => this.inFlight.delete(sequence), failedDeliveryPauseMs).unref();
    }
  }

  private async mark(lock: SessionLock): Promise<void> {
    const sequences = this.finished;
    if (sequences.length === 0) return;
    this.finished = [];
    try {
      await outboxRepository.markPublished(lock, sequences, this.transport.acknowledged);
    } catch (error) {
      this.finished.push(...sequences);
      throw error;
    }
    for (const sequence of sequences) this.inFlight.delete(sequence);
  }

  private async lastOnesToFinish(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.tuning.drainMs);
    });
    await Promise.race([Promise.all(this.inFlight.values()), late]);
    clearTimeout(timer);
  }
}
