/**
 * Adds numbers up by key in memory, and has the sums written every so often: for figures that many requests add to, where a row
 * that each of them wrote would have them wait for one another. A process that is killed loses what it has not written.
 */
export class Tally {
  private sums = new Map<string, number[]>();
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param write adds the sums to what is stored, in one statement; what it fails with is handed to `failed`, and the sums are kept for the next time
   * @param everyMs how long after the first number the sums are written
   */
  constructor(
    private readonly write: (sums: ReadonlyMap<string, readonly number[]>) => Promise<void>,
    private readonly failed: (error: unknown) => void,
    private readonly everyMs = 2_000,
  ) {}

  /** @param numbers as many, and in the same order, each time */
  add(key: string, numbers: readonly number[]): void {
    const sum = this.sums.get(key);
    if (sum === undefined) this.sums.set(key, [...numbers]);
    else numbers.forEach((number, index) => (sum[index] = (sum[index] ?? 0) + number));
    this.timer ??= setTimeout(() => void this.flush(), this.everyMs).unref();
  }

  /** Writes what there is now; resolves also when that failed. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.sums.size === 0) return;
    const sums = this.sums;
    this.sums = new Map();
    try {
      await this.write(sums);
    } catch (error) {
      for (const [key, numbers] of sums) this.add(key, numbers);
      this.failed(error);
    }
  }
}
