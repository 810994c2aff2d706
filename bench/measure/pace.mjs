import { setTimeout as sleep } from 'node:timers/promises';

const stepMs = 1;
/** What nobody has taken is due for this long, and then is not made up for. */
const leewayMs = 100;

/** So many turns a second, to whoever waits for one; without end where there is no rate. */
export class Pace {
  /** @param {number | undefined} perSecond */
  constructor(perSecond) {
    this.perSecond = perSecond;
    this.waiting = [];
    this.taken = 0;
    this.ended = false;
    if (perSecond !== undefined) void this.give();
  }

  /** @returns {Promise<boolean>} false when there are no more */
  async turn() {
    if (this.perSecond === undefined || this.ended) return !this.ended;
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  end() {
    this.ended = true;
    for (const resolve of this.waiting.splice(0)) resolve(false);
  }

  async give() {
    const began = performance.now();
    while (!this.ended) {
      const due = ((performance.now() - began) * this.perSecond) / 1_000;
      this.taken = Math.max(this.taken, due - (leewayMs * this.perSecond) / 1_000);
      for (; this.taken + 1 <= due && this.waiting.length > 0; this.taken += 1) this.waiting.shift()(true);
      await sleep(stepMs);
    }
  }
}
