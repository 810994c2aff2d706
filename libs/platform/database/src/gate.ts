/** One that is in. */
export interface Pass {
  readonly since: number;
}

/**
 * Lets so many in at a time; others wait, in order. Who has been in for long is not counted any more: what waits for somebody else's lock or for a disk holds up
 * nobody, and who asks for a second turn while they have one gets it.
 */
export class Gate {
  /** Who is in and counts, oldest first. */
  private readonly inside = new Set<Pass>();
  private readonly queue: ((pass: Pass) => void)[] = [];
  private timer: NodeJS.Timeout | undefined;

  /** @param patienceMs how long one counts: longer than usual work takes on a busy machine, where the limit matters most */
  constructor(
    private readonly limit: number,
    private readonly patienceMs = 250,
  ) {}

  get waiting(): number {
    return this.queue.length;
  }

  /** Every pass is given back: `leave`. */
  enter(): Pass | Promise<Pass> {
    if (this.inside.size < this.limit) return this.admit();
    return new Promise((resolve) => {
      this.queue.push(resolve);
      this.timer ??= this.watch();
    });
  }

  /** Or counts no more, though not done: again is harmless. */
  leave(pass: Pass): void {
    if (!this.inside.delete(pass)) return;
    this.queue.shift()?.(this.admit());
  }

  private admit(): Pass {
    const pass = { since: performance.now() };
    this.inside.add(pass);
    return pass;
  }

  /** While anybody waits, for the one that has been in for the longest. */
  private watch(): NodeJS.Timeout | undefined {
    const [oldest] = this.inside;
    if (oldest === undefined || this.queue.length === 0) return undefined;
    const late = () => {
      const before = performance.now() - this.patienceMs;
      for (const pass of this.inside) if (pass.since <= before) this.leave(pass);
      this.timer = this.watch();
    };
    return setTimeout(late, Math.max(1, oldest.since + this.patienceMs - performance.now())).unref();
  }
}
