import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, pause } from '#libs/platform/testing';
import { itWhole, platform, seen, sized, topology } from './fault-world.js';
import { callsOfEachService, Traffic, untilServed } from './fault-traffic.js';

/** In short, `outage.faults.e2e-spec.ts` ends it once. */
const crashes = ['SIGKILL', 'SIGINT', 'SIGKILL', 'SIGINT'] as const;
const terminating = sized({ everyMs: 500, forMs: 1_500 }, { everyMs: 2_000, forMs: 120_000 });

describe('Postgres, under load', () => {
  let calls: Awaited<ReturnType<typeof callsOfEachService>>;

  beforeAll(async () => {
    calls = await callsOfEachService();
  });

  afterAll(async () => {
    await platform.restore();
  });

  for (const [time, signal] of crashes.entries()) itWhole(`ended by ${signal} and started again (${time + 1}): no process ends, no acknowledged write is lost`, async () => {
    const traffic = new Traffic('postgres', calls, undefined, 20).start();
    await eventually(() => expect(traffic.acknowledged.length).toBeGreaterThan(20));
    const before = traffic.acknowledged.length;
    await platform.crashPostgres(signal);
    const served = await untilServed(calls, 10_000);
    await eventually(() => expect(traffic.acknowledged.length).toBeGreaterThan(before + 20));
    await traffic.stop();
    await platform.untilReady();
    seen(`Postgres ended by ${signal}`, { 'served again after s': served, requests: traffic.sent, refused: traffic.failed.length, 'slowest ms': traffic.slowestMs });
    expect(await traffic.lost()).toEqual([]);
    expect(platform.unexpectedExits).toEqual([]);
  }, 120_000);

  it('with all connections terminated again and again: no process ends, no acknowledged write is lost', async () => {
    const traffic = new Traffic('terminated', calls, undefined, 20).start();
    let terminated = 0;
    for (const until = performance.now() + terminating.forMs; performance.now() < until; ) {
      await pause(terminating.everyMs);
      const [row] = await platform.query<{ count: string }>('profiles', 'SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL');
      terminated += Number(row?.count);
    }
    const served = await untilServed(calls, 10_000);
    await traffic.stop();
    await platform.untilReady();
    seen('Postgres connections terminated', { connections: terminated, 'served again after s': served, requests: traffic.sent, repeated: traffic.repeated, refused: traffic.failed.length, 'slowest ms': traffic.slowestMs });
    expect(terminated).toBeGreaterThan(0);
    expect(await traffic.lost()).toEqual([]);
    expect(platform.unexpectedExits).toEqual([]);
  }, 300_000);

  it('keeps every event of what was committed', async () => {
    const services = topology === 'services' ? ['identity', 'profiles', 'membership'] : ['profiles'];
    await eventually(async () => {
      for (const service of services) expect(await platform.query(service, `SELECT FROM outbox WHERE published_at IS NULL AND NOT data ? 'poison'`)).toEqual([]);
    }, 90_000);
  });
});
