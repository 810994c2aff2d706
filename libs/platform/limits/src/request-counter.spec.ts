import { describe, expect, it } from '@jest/globals';
import { eventually, freePort, LogRecorder, testApp, testRedis, type TestServer } from '#libs/platform/testing';
import { limitsConfig, LimitsModule, RequestCounter, type Bucket, type Taken } from './index.js';
import { MemoryCounter } from './memory-counter.js';

const bucket = (policy: string, key: string, limit: number): Bucket => ({ policy, key, limit });

async function onRedis(url: string | undefined, log = new LogRecorder()): Promise<RequestCounter> {
  const app = await testApp({ imports: [LimitsModule.register('redis')], configs: [limitsConfig], environment: { REDIS_URL: url }, log });
  return app.get(RequestCounter, { strict: false });
}

const counting = (counter: RequestCounter) => eventually(async () => expect(await counter.take([bucket('probe', 'probe', 1_000_000)])).toBeDefined());

async function twoGateways(): Promise<{ redis: TestServer; counters: [RequestCounter, RequestCounter]; log: LogRecorder }> {
  const redis = await testRedis();
  const log = new LogRecorder();
  const counters: [RequestCounter, RequestCounter] = [await onRedis(redis.url, log), await onRedis(redis.url)];
  for (const counter of counters) await counting(counter);
  return { redis, counters, log };
}

const allowedOf = (taken: readonly (Taken | undefined)[]) => taken.filter((each) => each?.allowed === true).length;

describe.each([
  ['in memory', async () => [new MemoryCounter()]],
  ['in Redis, from two gateways', async () => (await twoGateways()).counters],
])('requests counted %s', (_store, start) => {
  let counters: readonly RequestCounter[];
  const take = async (buckets: Bucket[], turn = 0) => (counters ??= await start())[turn % counters.length]!.take(buckets);

  it('are allowed exactly as often as the limit says, however many come at once', async () => {
    await take([bucket('warm', 'up', 1)]);
    const taken = await Promise.all(Array.from({ length: 200 }, (_, turn) => take([bucket('project', 'exact', 50)], turn)));
    expect(allowedOf(taken)).toBe(50);
    expect(taken.filter((each) => each?.allowed === true).map((each) => each!.tightest.remaining).sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, left) => left));
    const refused = taken.find((each) => each?.allowed === false);
    expect(refused?.tightest).toMatchObject({ policy: 'project', limit: 50, remaining: 0 });
    expect(refused!.tightest.resetsInMs).toBeGreaterThan(0);
    expect(refused!.tightest.resetsInMs).toBeLessThanOrEqual(60_000);
  });

  it('are counted each for itself when they come at once and share some of their buckets', async () => {
    const shared = bucket('project', 'busy', 30);
    const [few, many] = [[bucket('caller', 'few', 4), shared], [bucket('caller', 'many', 100), shared]];
    const taken = await Promise.all(Array.from({ length: 40 }, (_, turn) => take(turn % 4 === 0 ? few : many, turn)));
    expect(allowedOf(taken.filter((_, turn) => turn % 4 === 0))).toBe(4);
    expect(allowedOf(taken)).toBe(30);
  });

  it('count in no bucket when one of them is full, and name the full one', async () => {
    const both = [bucket('caller', 'greedy', 2), bucket('project', 'shared', 5)];
    for (let turn = 0; turn < 6; turn += 1) await take(both, turn);
    expect(await take(both)).toMatchObject({ allowed: false, tightest: { policy: 'caller', limit: 2 } });
    expect(await take([bucket('caller', 'modest', 9), both[1]!])).toMatchObject({ allowed: true, tightest: { policy: 'project', remaining: 2 } });
    // Those that were refused fill nothing, also when they come together.
    const together = await Promise.all(Array.from({ length: 9 }, () => take([bucket('caller', 'hasty', 1), bucket('project', 'calm', 4)])));
    expect(together.map((each) => (each?.allowed === true ? 'allowed' : each?.tightest.policy))).toEqual(['allowed', ...Array<string>(8).fill('caller')]);
  });
});

it('begins again with the next window, and keeps nothing of callers who went away', async () => {
  let now = 0;
  const counter = new MemoryCounter(() => now);
  await counter.take([bucket('caller', 'other', 1)]);
  expect((await counter.take([bucket('caller', 'one', 1)])).allowed).toBe(true);
  now = 59_999;
  expect(await counter.take([bucket('caller', 'one', 1)])).toMatchObject({ allowed: false, tightest: { resetsInMs: 1 } });
  now = 60_000;
  expect((await counter.take([bucket('caller', 'one', 1)])).allowed).toBe(true);
  expect((counter as unknown as { windows: Map<string, unknown> }).windows.size).toBe(1);
});

describe('a gateway whose Redis is away', () => {
  it('limits nothing, says so once, and limits again when Redis is back', async () => {
    const { redis, counters, log } = await twoGateways();
    const full = [bucket('project', 'p', 1)];
    await counters[0].take(full);
    expect((await counters[1].take(full))?.allowed).toBe(false);
    const before = log.atLeast(40).length;
    await redis.kill();
    for (let request = 0; request < 20; request += 1) expect(await counters[0].take(full)).toBeUndefined();
    // One line a minute: that of the start, when the connection was not there yet, may have been it.
    expect(log.atLeast(40).length).toBeLessThanOrEqual(Math.max(before, 1));
    await redis.start();
    await counting(counters[0]);
    for (let request = 0; request < 3; request += 1) await counters[0].take([bucket('project', 'later', 2)]);
    expect((await counters[0].take([bucket('project', 'later', 2)]))?.allowed).toBe(false);
  });

  it('says why Redis is out of reach: what the attempt to connect met', async () => {
    const log = new LogRecorder();
    const counter = await onRedis(`redis://127.0.0.1:${await freePort()}`, log);
    await eventually(async () => {
      expect(await counter.take([bucket('project', 'p', 1)])).toBeUndefined();
      expect(log.atLeast(40)).not.toEqual([]);
    });
    expect(log.atLeast(40)).toEqual([expect.objectContaining({ msg: 'requests are not limited: Redis is out of reach', err: expect.objectContaining({ code: 'ECONNREFUSED' }) })]);
  });

  it('starts without REDIS_URL too', async () => {
    const log = new LogRecorder();
    const counter = await onRedis(undefined, log);
    for (let request = 0; request < 3; request += 1) expect(await counter.take([bucket('project', 'p', 1)])).toBeUndefined();
    expect(log.atLeast(40)).toEqual([expect.objectContaining({ requests: 1, msg: 'requests are not limited: REDIS_URL is not set' })]);
  });
});
