import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, FaultProxy, pause, type ApiAnswer } from '#libs/platform/testing';
import { itWhole, platform, seen, secondsSince, sized } from './fault-world.js';
import { callsOfEachService, untilServed } from './fault-traffic.js';

/** The deadline of a request between services, and some time for a busy machine. */
const boundedMs = 8_000;

describe('a network that is cut', () => {
  let bus: FaultProxy;
  let database: FaultProxy;
  let calls: Awaited<ReturnType<typeof callsOfEachService>>;

  beforeAll(async () => {
    calls = await callsOfEachService();
    const { NATS_URL, DATABASE_URL } = platform.servers.urls;
    [bus, database] = await Promise.all([FaultProxy.to(NATS_URL), FaultProxy.to(DATABASE_URL)]);
    await Promise.all([platform.kill('gateway'), platform.kill('profiles')]);
    await platform.launch('gateway', { NATS_URL: bus.url });
    await platform.launch('profiles', { DATABASE_URL: database.url });
    await platform.untilReady();
  });

  afterEach(() => {
    bus.restore();
    database.restore();
  });

  afterAll(async () => {
    await Promise.all([platform.kill('gateway', 'SIGTERM'), platform.kill('profiles', 'SIGTERM')]);
    await platform.restore();
  });

  async function refusedInTime(call = calls['profiles']!): Promise<ApiAnswer> {
    const start = performance.now();
    const answer = await call(platform.api);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(performance.now() - start).toBeLessThan(boundedMs);
    return answer;
  }

  async function healed(what: string, limitMs: number): Promise<void> {
    const seconds = await untilServed(calls, limitMs);
    seen(what, { 'served again after s': seconds });
    expect(platform.unexpectedExits).toEqual([]);
  }

  itWhole('between gateway and NATS, by a black hole: 503 in time, at once when that is known, and served again by itself', async () => {
    bus.blackHole();
    await refusedInTime();
    await eventually(async () => {
      const start = performance.now();
      await refusedInTime();
      expect(performance.now() - start).toBeLessThan(1_000);
    }, 90_000);
    await pause(sized(0, 20_000));
    bus.restore();
    await healed('gateway and NATS, black hole', 15_000);
  }, 120_000);

  itWhole('between gateway and NATS, half open: noticed, and connected anew', async () => {
    const start = performance.now();
    const before = bus.connections;
    bus.halfOpen();
    await eventually(() => expect(bus.connections).toBeGreaterThan(before), 20_000);
    seen('gateway and NATS, half open', { 'noticed after s': secondsSince(start) });
    await healed('gateway and NATS, half open', 15_000);
  }, 60_000);

  it('between a service and Postgres, by a black hole: 503 in time, and served again by itself', async () => {
    database.blackHole();
    await refusedInTime();
    if (sized(false, true)) for (const deadline = Date.now() + 20_000; Date.now() < deadline; ) await refusedInTime();
    database.restore();
    await healed('profiles and Postgres, black hole', 15_000);
  });

  itWhole('between a service and Postgres, half open: 503 in time, and connected anew', async () => {
    await Promise.all(Array.from({ length: 30 }, () => calls['profiles']!(platform.api))); // the pool is full of connections
    database.halfOpen();
    await healed('profiles and Postgres, half open', 30_000);
  }, 120_000);

  itWhole('between a service and Postgres, slow: everything is answered, late', async () => {
    database.delay(100);
    const answers = await Promise.all(Array.from({ length: 10 }, () => calls['profiles']!(platform.api)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
  });
});
