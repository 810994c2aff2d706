import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, pause, RunningPlatform, type Demo } from '#libs/platform/testing';
import { answerOf, atOnce, secondsSince, seen } from './fault-world.js';
import { NatsCluster } from './nats-cluster.js';

/** Of each server's absence. */
const awayMs = 4_000;

describe('a NATS cluster of three, each of which is lost with its disk while users are written', () => {
  let folder: string;
  let cluster: NatsCluster;
  /** One of its own, because of the other bus. */
  let platform: RunningPlatform;
  let demo: Demo;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-nats-'));
    cluster = await NatsCluster.start(folder);
    platform = await RunningPlatform.start('services', { NATS_URL: cluster.url, NATS_STREAM_REPLICAS: '3' });
    demo = await platform.demo();
  });

  afterAll(async () => {
    await platform?.stop();
    await cluster?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('loses no event and no acknowledged user, and goes on with the two that are left', async () => {
    const basic = [demo.engagement.key, demo.engagement.secret] as const;
    const acknowledged: string[] = [];
    let [going, sent, refused] = [true, 0, 0];
    const writing = atOnce(async (client) => {
      for (let next = 0; going; next += 1) {
        const uid = `cluster-${client}-${next}`;
        sent += 1;
        if ((await answerOf(platform.api.post('/v1/users', { basic, body: { id: uid, first_name: uid } }))).status === 200) acknowledged.push(uid);
        else refused += 1;
        await pause(20);
      }
    }, 4);

    const lost: string[] = [];
    let slowest = 0;
    for (let time = 0; time < 3; time += 1) {
      const { name, followers } = await cluster.leader();
      expect(followers).toBe(2);
      const start = performance.now();
      await cluster.destroy(name);
      lost.push(name);
      await platform.untilReady();
      slowest = Math.max(slowest, secondsSince(start));
      // Written with one server less; what nobody has acknowledged as kept waits in the outbox.
      const before = acknowledged.length;
      await pause(awayMs);
      await eventually(async () => expect(acknowledged.length).toBeGreaterThan(before), 30_000);
      await cluster.begin(name);
      await cluster.untilCurrent();
    }
    going = false;
    await writing;

    const events = await eventually(async () => {
      expect(await platform.query('profiles', 'SELECT FROM outbox WHERE published_at IS NULL LIMIT 1')).toEqual([]);
      const outbox = await platform.query<{ id: string }>('profiles', 'SELECT id FROM outbox ORDER BY 1');
      expect(await platform.query('operations', `SELECT event_id AS id FROM feed WHERE type LIKE 'profiles.%' ORDER BY 1`)).toEqual(outbox);
      return outbox.length;
    }, 60_000);
    const stored = new Set((await platform.query<{ uid: string }>('profiles', `SELECT external_id AS uid FROM users WHERE external_id LIKE 'cluster-%'`)).map(({ uid }) => uid));
    seen('each leading server of a NATS cluster lost with its disk', { servers: lost.join(' '), requests: sent, refused, acknowledged: acknowledged.length, events, 'ready again after s, at most': slowest });
    expect(acknowledged.filter((uid) => !stored.has(uid))).toEqual([]);
    expect(platform.unexpectedExits).toEqual([]);
    // The cluster has kept them, and nothing had to be published again out of the outbox.
    expect(await platform.readLog()).not.toContain('publishing those of the outbox again');
  }, 300_000);
});
