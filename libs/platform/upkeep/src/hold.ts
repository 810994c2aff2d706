import { v4 as newId } from 'uuid';
import type { Database } from '#libs/platform/database';
import { upkeepHoldsRepository } from './upkeep-holds.repository.js';
import type { UpkeepTuning } from './upkeep-tuning.js';

/** One task, held for as long as the process that does it says that it is at it: no other does it meanwhile. */
export class Hold {
  private readonly holder = newId();
  private readonly timer: NodeJS.Timeout;
  private saidAt: number;
  private gone = false;

  private constructor(
    private readonly database: Database,
    private readonly task: string,
    private readonly tuning: UpkeepTuning,
  ) {
    this.saidAt = performance.now();
    this.timer = setInterval(() => void this.renew(), tuning.renewMs).unref();
  }

  /** @returns nothing while somebody else holds it */
  static async take(database: Database, task: string, tuning: UpkeepTuning): Promise<Hold | undefined> {
    const hold = new Hold(database, task, tuning);
    let taken = false;
    try {
      taken = await upkeepHoldsRepository.take(database, task, hold.holder, tuning.holdMs);
      return taken ? hold : undefined;
    } finally {
      if (!taken) clearInterval(hold.timer);
    }
  }

  /**
   * Whether it could not be said for so long that no more may be begun. What was begun before ends, or is ended by the
   * database, while the hold still holds for the others.
   */
  get isLost(): boolean {
    if (performance.now() - this.saidAt > this.tuning.lostMs) this.gone = true; // for good: somebody has acted on it
    return this.gone;
  }

  /** Gives it up; where that can't be said, it runs out. */
  async release(): Promise<void> {
    clearInterval(this.timer);
    await upkeepHoldsRepository.release(this.database, this.task, this.holder).catch(() => undefined);
  }

  private async renew(): Promise<void> {
    if (this.isLost) return;
    const now = performance.now(); // from before: the database counts from then on at the earliest
    try {
      if (await upkeepHoldsRepository.renew(this.database, this.task, this.holder, this.tuning.holdMs)) this.saidAt = Math.max(this.saidAt, now);
      else this.gone = true;
    } catch {
      // The next one says it, or it is lost.
    }
  }
}
