import type { Queryable } from '#libs/platform/database';
import type { EventsTuning } from './events-tuning.js';
import { outboxRepository } from './outbox.repository.js';

/**
 * How far the outbox need not be looked through any more. What was published stays in the index of what is not until it is vacuumed, and a look
 * from the beginning would pass all of it. But numbers are drawn before the commit: the floor rises to one only when every transaction has
 * ended that can have drawn it or a lower one, and a look after that has found nothing more.
 */
export class OutboxFloor {
  private floor = 0;
  /** The highest number that was drawn when it was last asked. */
  private drawn: number | undefined;
  /** Numbers up to `through` were drawn a while before transaction `until` began. */
  private awaited: { through: number; until: number } | undefined;
  /** All who drew numbers up to this have ended. */
  private ended = 0;
  private askedAt = performance.now();
  private wholeAt = performance.now();

  constructor(
    private readonly on: Queryable,
    private readonly tuning: EventsTuning,
  ) {}

  /** @returns the number after which to look */
  async beforeLook(): Promise<number> {
    const now = performance.now();
    if (now - this.askedAt >= this.tuning.floorMs) {
      this.askedAt = now;
      await this.ask();
    }
    if (now - this.wholeAt < this.tuning.wholeLookMs) return this.floor;
    this.wholeAt = now;
    // Until a look has found all there is: one takes so many rows at the most, and there may be more of them down there.
    this.floor = 0;
    return 0;
  }

  /** @param open numbers that were found and are not marked. To be called after a look that has found all there was */
  afterLook(open: Iterable<number>): void {
    let floor = this.ended;
    for (const sequence of open) floor = Math.min(floor, sequence - 1);
    this.floor = Math.max(this.floor, floor);
  }

  private async ask(): Promise<void> {
    const { drawn, oldest, next } = await outboxRepository.horizon(this.on);
    if (this.awaited !== undefined && oldest >= this.awaited.until) {
      this.ended = this.awaited.through;
      this.awaited = undefined;
    }
    // Who drew a number may get the number of their transaction a moment later: so those of the last time are awaited.
    if (this.drawn !== undefined) this.awaited ??= { through: this.drawn, until: next };
    this.drawn = drawn;
  }
}
