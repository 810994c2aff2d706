/** Counts what runs at the same time, up to a limit. */
export class Slots {
  private running = 0;
  private readonly waiting = new Set<() => void>();

  constructor(private readonly limit: number) {}

  get free(): number {
    return this.limit - this.running;
  }

  /** Runs `work` in a slot at once, whether or not one is free: callers look first. */
  async run(work: () => Promise<void>): Promise<void> {
    this.running += 1;
    try {
      await work();
    } finally {
      this.running -= 1;
      for (const wake of [...this.waiting]) wake();
    }
  }

  /** Resolves as soon as half of the slots are free: one at a time would be asked for one at a time. */
  async whenHalfFree(): Promise<void> {
    while (this.free < this.limit / 2) await this.change();
  }

  /** Resolves when nothing runs any more, after `ms` at the latest. */
  async idle(ms: number): Promise<void> {
    const until = Date.now() + ms;
    while (this.running > 0 && Date.now() < until) await this.change(until - Date.now());
  }

  private change(ms?: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.waiting.delete(wake);
        resolve();
      };
      const timer = ms === undefined ? undefined : setTimeout(wake, ms);
      this.waiting.add(wake);
    });
  }
}
