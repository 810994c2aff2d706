import type { OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { Logger } from '#libs/platform/logging';
import { decide, windowMs, type Bucket, type Count, type Taken } from './bucket.js';
import { RequestCounter } from './request-counter.js';

/** An answer that takes longer is no answer. */
const answerWithinMs = 1_000;
/** After that Redis is left alone for so long: a store that hangs must not make every request wait. */
const pauseMs = 5_000;
const silenceMs = 60_000;

/**
 * Requests of one kind: of the same buckets, one after the other. All or nothing for each, in one step for all of them. KEYS: the buckets of
 * each kind; ARGV: the window in ms, then for each kind the number of its requests and of its buckets, and each bucket's limit.
 * Answers, for each bucket of each kind, how many were counted before the first of its requests and the ms until its window ends.
 */
const script = `
local window = tonumber(ARGV[1])
local answer, key, argument = {}, 0, 2
while argument <= #ARGV do
  local granted, buckets = tonumber(ARGV[argument]), tonumber(ARGV[argument + 1])
  local fresh = {}
  for i = 1, buckets do
    local used = tonumber(redis.call('GET', KEYS[key + i]) or '0')
    local left = redis.call('PTTL', KEYS[key + i])
    fresh[i] = left < 0
    if fresh[i] then used, left = 0, window end
    granted = math.min(granted, tonumber(ARGV[argument + 1 + i]) - used)
    answer[#answer + 1] = used
    answer[#answer + 1] = left
  end
  if granted > 0 then
    for i = 1, buckets do
      if fresh[i] or redis.call('INCRBY', KEYS[key + i], granted) == granted then redis.call('SET', KEYS[key + i], granted, 'PX', window) end
    end
  end
  key, argument = key + buckets, argument + 2 + buckets
end
return answer`;

/** ioredis says it in words only. */
const isTimeout = (error: unknown) => error instanceof Error && error.message === 'Command timed out';

type CountingRedis = Redis & { takeRequests(numberOfKeys: number, ...keysAndArguments: (string | number)[]): Promise<number[]> };

/** Requests that are counted in the same buckets, and wait to be. */
interface Kind {
  readonly buckets: readonly Bucket[];
  readonly waiting: ((taken: Taken | undefined) => void)[];
}

/** For any number of gateways: they count together. What comes in the same turn of the event loop, or while others are counted, is counted in one step. Fails open. */
export class RedisCounter extends RequestCounter implements OnApplicationShutdown {
  private readonly redis: CountingRedis | undefined;
  private kinds = new Map<string, Kind>();
  private counting = false;
  private pausedUntil = 0;
  /** Why there is no connection: what the last attempt met. */
  private trouble: Error | undefined;
  private saidAt = Number.NEGATIVE_INFINITY;
  /** Requests that were not counted since it was last said. */
  private uncounted = 0;

  constructor(
    url: string | undefined,
    private readonly logger: Logger,
  ) {
    super();
    if (url === undefined) return;
    this.redis = new Redis(url, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      connectTimeout: 3_000,
      commandTimeout: answerWithinMs,
      retryStrategy: (attempt: number) => Math.min(attempt * 100, 1_000),
    }) as CountingRedis;
    this.redis.defineCommand('takeRequests', { lua: script });
    // Reported when a request meets it: while there is none, nothing is lost.
    this.redis.on('error', (error: Error) => this.inTrouble(error));
    this.redis.on('ready', () => (this.trouble = undefined));
  }

  override take(buckets: readonly Bucket[]): Promise<Taken | undefined> {
    const name = buckets.map(({ policy, key, limit }) => `${policy} ${key} ${limit}`).join('\n');
    const kind = this.kinds.get(name) ?? { buckets, waiting: [] };
    this.kinds.set(name, kind);
    if (!this.counting) setImmediate(() => void this.takeAll());
    this.counting = true;
    return new Promise((resolve) => kind.waiting.push(resolve));
  }

  onApplicationShutdown(): void {
    this.redis?.disconnect();
  }

  private async takeAll(): Promise<void> {
    try {
      while (this.kinds.size > 0) await this.takeThose([...this.kinds.values()]);
    } finally {
      this.counting = false;
    }
  }

  private async takeThose(kinds: readonly Kind[]): Promise<void> {
    this.kinds = new Map();
    const counts = await this.count(kinds);
    let place = 0;
    for (const { buckets, waiting } of kinds) {
      const before = counts?.slice(place, (place += buckets.length));
      const room = before === undefined ? 0 : Math.max(0, Math.min(...buckets.map(({ limit }, index) => limit - before[index]!.used)));
      waiting.forEach((answer, earlier) => answer(before && decide(buckets, before.map(({ used, resetsInMs }) => ({ used: used + Math.min(earlier, room), resetsInMs })))));
    }
  }

  /** @returns for each bucket of each kind, where it stood before; undefined when nothing is counted */
  private async count(kinds: readonly Kind[]): Promise<Count[] | undefined> {
    const requests = kinds.reduce((sum, { waiting }) => sum + waiting.length, 0);
    if (this.redis?.status !== 'ready' || performance.now() < this.pausedUntil) return this.failOpen(requests, this.trouble);
    try {
      const keys = kinds.flatMap(({ buckets }) => buckets.map(({ policy, key }) => `rollcall:limit:${policy}:${key}`));
      const asked = kinds.flatMap(({ buckets, waiting }) => [waiting.length, buckets.length, ...buckets.map(({ limit }) => limit)]);
      const answer = await this.redis.takeRequests(keys.length, ...keys, windowMs, ...asked);
      return keys.map((_, index) => ({ used: answer[2 * index]!, resetsInMs: answer[2 * index + 1]! }));
    } catch (error) {
      if (isTimeout(error)) this.pausedUntil = performance.now() + pauseMs;
      return this.failOpen(requests, error);
    }
  }

  private inTrouble(error: Error): void {
    // What became of the greeting of a connection that was cut off says nothing of why.
    if (error.name !== 'MaxRetriesPerRequestError') this.trouble = error;
    this.logger.debug({ store: 'redis', err: error }, 'the store of the request limits is in trouble');
  }

  private failOpen(requests: number, error?: unknown): undefined {
    this.uncounted += requests;
    // The first attempt to connect has not ended: how it does is worth saying.
    if (this.redis !== undefined && error === undefined) return;
    const now = performance.now();
    if (now - this.saidAt < silenceMs) return;
    const why = this.redis === undefined ? 'REDIS_URL is not set' : 'Redis is out of reach';
    this.logger.warn({ store: 'redis', requests: this.uncounted, ...(error === undefined ? {} : { err: error }) }, `requests are not limited: ${why}`);
    this.saidAt = now;
    this.uncounted = 0;
  }
}
