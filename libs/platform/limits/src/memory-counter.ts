import { decide, windowMs, type Bucket, type Taken } from './bucket.js';
import { RequestCounter } from './request-counter.js';

interface Window {
  used: number;
  until: number;
}

/** For a gateway that is the only one. */
export class MemoryCounter extends RequestCounter {
  private readonly windows = new Map<string, Window>();
  private sweptAt: number;

  constructor(private readonly now: () => number = () => performance.now()) {
    super();
    this.sweptAt = now();
  }

  override take(buckets: readonly Bucket[]): Promise<Taken> {
    const now = this.now();
    this.sweep(now);
    const windows = buckets.map(({ policy, key }) => this.windowOf(`${policy}:${key}`, now));
    const taken = decide(buckets, windows.map(({ used, until }) => ({ used, resetsInMs: until - now })));
    if (taken.allowed) for (const window of windows) window.used += 1;
    return Promise.resolve(taken);
  }

  private windowOf(key: string, now: number): Window {
    const known = this.windows.get(key);
    if (known !== undefined && known.until > now) return known;
    const window = { used: 0, until: now + windowMs };
    this.windows.set(key, window);
    return window;
  }

  /** Once a window's time, so that nothing is kept for callers who went away. */
  private sweep(now: number): void {
    if (now - this.sweptAt < windowMs) return;
    this.sweptAt = now;
    for (const [key, { until }] of this.windows) if (until <= now) this.windows.delete(key);
  }
}
