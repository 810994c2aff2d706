import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, FaultProxy, ReplicaPostgres } from '#libs/platform/testing';
import { atOnce, platform, seen, sized } from './fault-world.js';
import { environmentToken, keyAndSecret as basic, platform as given, projectSlug, unique } from './platform-under-test.js';

const rounds = sized(5, 60);
const admin = { headers: { 'x-api-key': given.demo.apiKey } };
const readers = ['profiles', 'membership'] as const;

describe('lists of every surface, with a streaming replica of Postgres', () => {
  let folder: string;
  let replica: ReplicaPostgres;
  let network: FaultProxy;
  let bearer: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-replica-'));
    replica = await ReplicaPostgres.start(platform.servers.urls.DATABASE_URL, platform.servers.postgresFolder, folder);
    network = await FaultProxy.to(replica.url);
    bearer = await environmentToken();
    for (const part of readers) {
      await platform.kill(part, 'SIGTERM');
      await platform.launchUntilReady(part, { DATABASE_READ_URL: network.url });
    }
    await platform.untilReady();
  });

  afterAll(async () => {
    for (const part of readers) {
      await platform.kill(part, 'SIGTERM');
      await platform.launchUntilReady(part);
    }
    await replica?.stop();
    await rm(folder, { recursive: true, force: true });
    await platform.restore();
  });

  /** How many lists were read from where, by the services themselves. */
  async function reads(from: 'replica' | 'primary'): Promise<Record<string, number>> {
    const figures = await platform.readMetrics();
    const count = (text: string) => Number(new RegExp(`^rollcall_list_reads_total\\{database="[a-z]+",from="${from}"\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
    return Object.fromEntries(readers.map((part) => [part, count(figures.find(({ process }) => process === part)!.text)]));
  }

  /** Somebody new, who has to be in every list that is asked for afterwards. @returns what was not as it has to be */
  async function writeAndList(): Promise<string[]> {
    const id = unique('listed');
    const made = await platform.api.post('/v1/users', { basic, body: { id, email: `${id}@example.com`, first_name: id } });
    if (made.status !== 200) return [`written ${made.status}`];
    const [a, b, c, count, d, events] = await Promise.all([
      platform.api.get('/users?limit=100', { bearer }),
      platform.api.get(`/v1/users?email=${id}@example.com`, { basic }),
      platform.api.get(`/${projectSlug}/users?search=${id}`, admin),
      platform.api.get(`/${projectSlug}/users/count?filter[firstName][eq]=${id}`, admin),
      platform.api.get('/v1/admin/users?page_size=5', admin),
      platform.api.get(`/v1/users/${id}/events`, { basic }),
    ]);
    const has = {
      A: a.status === 200 && (a.body.data.users as { id: string }[]).some((user) => user.id === id),
      B: b.status === 200 && b.body.data.length === 1,
      C: c.status === 200 && c.body.metadata.count === 1 && c.body.data.length === 1,
      count: count.status === 200 && count.body.result === 1,
      D: d.status === 200 && d.body.users.length > 0,
      events: events.status === 200,
    };
    return Object.entries(has).filter(([, is]) => !is).map(([surface]) => surface);
  }

  async function untilReadFromReplica(): Promise<void> {
    await eventually(async () => {
      const before = await reads('replica');
      expect(await writeAndList()).toEqual([]);
      const after = await reads('replica');
      expect(readers.filter((part) => after[part]! <= before[part]!)).toEqual([]);
    }, 60_000);
  }

  async function load(): Promise<{ wrong: string[]; replica: number; primary: number }> {
    const before = [await reads('replica'), await reads('primary')] as const;
    const wrong: string[] = [];
    await atOnce(async () => {
      for (let round = 0; round < rounds; round += 1) wrong.push(...(await writeAndList()));
    }, 4);
    const after = [await reads('replica'), await reads('primary')] as const;
    const sum = (place: 0 | 1) => readers.reduce((total, part) => total + after[place][part]! - before[place][part]!, 0);
    return { wrong, replica: sum(0), primary: sum(1) };
  }

  it('come from it, and each has what was written before', async () => {
    await untilReadFromReplica();
    const { wrong, ...from } = await load();
    expect(wrong).toEqual([]);
    expect(from.replica).toBeGreaterThan(0);
    seen('lists with a read replica', from);
  }, 300_000);

  it('have it too while the replica lags, is cut off, says nothing, is back, and has become a primary itself', async () => {
    for (const [fault, begin, end] of [
      ['lags', () => replica.pause(), () => replica.resume()],
      ['is cut off', async () => network.cut(), async () => network.restore()],
      ['says nothing', async () => network.blackHole(), async () => network.restore()],
    ] as const) {
      await begin();
      const { wrong, ...from } = await load();
      expect([fault, wrong]).toEqual([fault, []]);
      expect(from.primary).toBeGreaterThan(0);
      seen(`lists while the read replica ${fault}`, from);
      await end();
      await untilReadFromReplica();
    }
    await replica.promote();
    const { wrong } = await load();
    expect(wrong).toEqual([]);
    const before = await reads('replica');
    expect((await load()).wrong).toEqual([]);
    expect(await reads('replica')).toEqual(before);
  }, 600_000);
});
