import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, pause } from '#libs/platform/testing';
import { itWhole, platform, seen } from './fault-world.js';
import { callsOfEachService, Traffic, untilServed } from './fault-traffic.js';
import { environmentToken, keyAndSecret as basic, unique } from './platform-under-test.js';

/** How long Redis is away, with nothing to do and with requests, erasures and counted limits meanwhile. */
const outages = [5, 20, 120].flatMap((seconds) => [[seconds, 'idle'], [seconds, 'busy']] as const);

describe('Redis, stopped', () => {
  let calls: Awaited<ReturnType<typeof callsOfEachService>>;
  let bearer: string;

  beforeAll(async () => {
    calls = await callsOfEachService();
  });

  afterAll(async () => {
    await platform.restore();
  });

  /** Users whose erasure is asked for; made before. @returns the id of the erasure */
  async function erase(uids: readonly string[]): Promise<string> {
    const answer = await platform.api.put('/delete-users', { bearer, body: { data: uids } });
    expect([answer.status, answer.body.data]).toEqual([200, uids]);
    return String(answer.body.job_id);
  }

  async function untilErased(erasures: readonly string[]): Promise<void> {
    for (const id of erasures) {
      await eventually(async () => expect((await platform.api.get(`/delete-users/${id}`, { bearer })).body.data).toMatchObject({ state: 'done' }), 60_000);
    }
  }

  for (const [seconds, how] of outages) itWhole(`for ${seconds} s, ${how}: requests are served meanwhile, what waits for it is done afterwards`, async () => {
    bearer = await environmentToken();
    const doomed = Array.from({ length: 40 }, () => unique('away'));
    await Promise.all(doomed.map((id) => platform.api.post('/v1/users', { basic, body: { id } })));
    const erasures = [await erase(doomed.slice(0, 10))]; // about to be worked on
    const traffic = how === 'busy' ? new Traffic('redis', calls, undefined, 20).start(4) : undefined;
    await platform.stopServer('redis');
    if (how === 'busy') erasures.push(await erase(doomed.slice(10, 20)));
    await pause(seconds * 1_000);
    if (how === 'busy') erasures.push(await erase(doomed.slice(20)));
    await platform.startServer('redis');
    const served = await untilServed(calls, 10_000);
    await traffic?.stop();
    await platform.untilReady();
    bearer = await environmentToken();
    const start = performance.now();
    await untilErased(erasures);
    seen(`Redis stopped for ${seconds} s, ${how}`, { 'served after s': served, 'erasures done after s': Math.round((performance.now() - start) / 100) / 10, requests: traffic?.sent ?? 0, failed: traffic?.failed.length ?? 0 });
    expect(traffic?.failed ?? []).toEqual([]);
    expect((await traffic?.lost()) ?? []).toEqual([]);
    expect(await platform.query('profiles', 'SELECT FROM users WHERE external_id = ANY ($1)', [erasures.length > 1 ? doomed : doomed.slice(0, 10)])).toEqual([]);
    expect(platform.unexpectedExits).toEqual([]);
  }, 300_000);

  it('and emptied: what was queued in it is done all the same', async () => {
    bearer = await environmentToken();
    const doomed = Array.from({ length: 20 }, () => unique('flushed'));
    await Promise.all(doomed.map((id) => platform.api.post('/v1/users', { basic, body: { id } })));
    await platform.stopServer('redis');
    const erasure = await erase(doomed);
    await platform.servers.wipe('redis');
    await platform.startServer('redis');
    await untilErased([erasure]);
    await platform.untilReady();
  });
});
