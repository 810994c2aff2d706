import type { OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { Logger } from '#libs/platform/logging';
import { decide, windowMs, type Bucket, type Taken } from './bucket.js';
import { RequestCounter } from './request-counter.js';

/** An answer that takes longer is no answer. */
const answerWithinMs = 1_000;
/** After that Redis is left alone for so long: a store that hangs must not make every request wait. */
const pauseMs = 5_000;
const silenceMs = 60_000;

/**
 * All or nothing, in one step. KEYS: the buckets; ARGV: the window in ms, then each bucket's limit.
 * Answers, for each bucket, how many were counted before this request and the ms until its window ends.
 */
const script = `
local window = tonumber(ARGV[1])
local answer, open = {}, true
for i, key in ipairs(KEYS) do
  local used = tonumber(redis.call('GET', key) or '0')
  local left = redis.call('PTTL', key)
  if left < 0 then used, left = 0, window end
  if used >= tonumber(ARGV[i + 1]) then open = false end
  answer[#answer + 1] = used
  answer[#answer + 1] = left
end
if open then
  for i, key in ipairs(KEYS) do
    if redis.call('INCR', key) == 1 or redis.call('PTTL', key) < 0 then redis.call('SET', key, 1, 'PX', window) end
  end
end
return answer`;

/** ioredis says it in words only. */
const isTimeout = (error: unknown) => error instanceof Error && error.message === 'Command timed out';

type CountingRedis = Redis & { takeRequest(numberOfKeys: number, ...keysAndArguments: (string | number)[]): Promise<number[]> };

/** For any number of gateways: they count together. Fails open. */
export class RedisCounter extends RequestCounter implements OnApplicationShutdown {
  private readonly redis: CountingRedis | undefined;
  private pausedUntil = 0;
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
    this.redis.defineCommand('takeRequest', { lua: script });
    // Reported when a request meets it: while there is none, nothing is lost.
    this.redis.on('error', (error: Error) => this.logger.debug({ store: 'redis', err: error }, 'the store of the request limits is in trouble'));
  }

  override async take(buckets: readonly Bucket[]): Promise<Taken | undefined> {
    if (this.redis?.status !== 'ready' || performance.now() < this.pausedUntil) return this.failOpen();
    try {
      const answer = await this.redis.takeRequest(buckets.length, ...buckets.map(({ policy, key }) => `rollcall:limit:${policy}:${key}`), windowMs, ...buckets.map(({ limit }) => limit));
      return decide(buckets, buckets.map((_, index) => ({ used: answer[2 * index]!, resetsInMs: answer[2 * index + 1]! })));
    } catch (error) {
      if (isTimeout(error)) this.pausedUntil = performance.now() + pauseMs;
      return this.failOpen(error);
    }
  }

  onApplicationShutdown(): void {
    this.redis?.disconnect();
  }

  private failOpen(error?: unknown): undefined {
    this.uncounted += 1;
    const now = performance.now();
    if (now - this.saidAt < silenceMs) return;
    const why = this.redis === undefined ? 'REDIS_URL is not set' : 'Redis is out of reach';
    this.logger.warn({ store: 'redis', requests: this.uncounted, ...(error === undefined ? {} : { err: error }) }, `requests are not limited: ${why}`);
    this.saidAt = now;
    this.uncounted = 0;
  }
}
