/** Says again and again that a run goes on; when that can't be said, or comes too late, the run is told to stop. */
export class RunLease {
  private readonly abort = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private saidAt = performance.now();

  /**
   * @param renew false: the run was taken for dead
   * @param leaseMs how long it holds from the last time on
   */
  constructor(
    private readonly renew: () => Promise<boolean>,
    private readonly leaseMs: number,
  ) {
    this.timer = setInterval(() => void this.say(), leaseMs / 4);
  }

  /** Aborted when somebody else may have begun. */
  get lost(): AbortSignal {
    return this.abort.signal;
  }

  end(): void {
    clearInterval(this.timer);
  }

  private async say(): Promise<void> {
    const now = performance.now(); // from before: the database counts from then on at the earliest
    if (now - this.saidAt > this.leaseMs) this.abort.abort();
    try {
      if (await this.renew()) this.saidAt = Math.max(this.saidAt, now);
      else this.abort.abort();
    } catch {
      // The next one says it, or finds that it is too late.
    }
  }
}
