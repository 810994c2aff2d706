/** What is counted, and how much of it there may be in a minute. */
export interface Bucket {
  /** Which kind of limit it is, for the caller's eyes. */
  readonly policy: string;
  /** Whose requests these are. Holds no personal data: it becomes a key in the store. */
  readonly key: string;
  /** Requests in one window. */
  readonly limit: number;
}

/** Where a bucket stands once a request was counted, or refused. */
export interface Standing {
  readonly policy: string;
  readonly limit: number;
  /** Requests that are left in this window. */
  readonly remaining: number;
  /** Milliseconds until a new window begins. */
  readonly resetsInMs: number;
}

/** A request is counted in all of its buckets, or refused and counted in none. */
export interface Taken {
  readonly allowed: boolean;
  /** Of an allowed request the bucket with the least left; of a refused one the full bucket that takes longest to empty. */
  readonly tightest: Standing;
}

/** A window begins with the first request that is counted in it. */
export const windowMs = 60_000;

/** Of a bucket as the store knows it before the request: how many were counted, and how long the window goes on. */
export interface Count {
  readonly used: number;
  readonly resetsInMs: number;
}

/** What becomes of a request. The Lua script of the Redis store decides in the same way. */
export function decide(buckets: readonly Bucket[], counts: readonly Count[]): Taken {
  const full = buckets.flatMap(({ policy, limit }, index) => {
    const { used, resetsInMs } = counts[index]!;
    return used >= limit ? [{ policy, limit, remaining: 0, resetsInMs }] : [];
  });
  if (full.length > 0) return { allowed: false, tightest: full.reduce((one, other) => (other.resetsInMs > one.resetsInMs ? other : one)) };
  const open = buckets.map(({ policy, limit }, index) => ({ policy, limit, remaining: limit - counts[index]!.used - 1, resetsInMs: counts[index]!.resetsInMs }));
  return { allowed: true, tightest: open.reduce((one, other) => (other.remaining < one.remaining ? other : one)) };
}
