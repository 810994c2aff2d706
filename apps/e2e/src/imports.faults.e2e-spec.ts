import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, pause, type Part } from '#libs/platform/testing';
import { answerOf, itWhole, platform, secondsSince, seen, sized, topology } from './fault-world.js';
import { platform as given, unique } from './platform-under-test.js';

const headers = { 'x-api-key': given.demo.apiKey };
const [users, events] = [sized(2_000, 100_000), 20_000];
/** After this part of the file, who works on it is killed. */
const places = sized([0.4], [0.1, 0.25, 0.4, 0.6, 0.8]);
/** In turns. In short: who reads the file and who writes its rows at once. */
const victims: readonly (readonly Part[])[] = topology === 'all-in-one' ? [['all']] : sized([['workers', 'profiles']], [['workers'], ['profiles']]);

interface Import {
  import_id: string;
  bytes: number;
  bytes_read: number;
  finished_at: string | null;
}

describe('imports while who works on them is killed', () => {
  let projectId: string;
  let imports: string;

  beforeAll(async () => {
    const slug = unique('killed-imports');
    projectId = (await platform.api.post('/v1/admin/projects', { headers, body: { org_id: given.demo.org.id, name: slug, slug } })).body.project_id as string;
    imports = `/v1/admin/projects/${projectId}/imports`;
  });

  async function imported(type: 'users' | 'events', rows: number, row: (n: number) => object): Promise<Record<string, unknown>> {
    const raw = Array.from({ length: rows }, (_, n) => `${JSON.stringify(row(n))}\n`).join('');
    const start = performance.now();
    const made = await platform.api.post(`${imports}?type=${type}`, { headers: { ...headers, 'content-type': 'application/x-ndjson' }, raw });
    expect(made.status).toBe(202);
    const { import_id } = made.body as Import;
    const job = async (): Promise<Import | undefined> => {
      const { status, body } = await answerOf(platform.api.get(`${imports}/${import_id}`, { headers }));
      return status === 200 ? (body as Import) : undefined;
    };
    let kills = 0;
    for (const [index, place] of places.entries()) {
      for (let at = await job(); at === undefined || (at.bytes_read < place * at.bytes && at.finished_at === null); at = await job()) await pause(10);
      // Else nothing was killed in the middle of anything.
      expect((await job())?.finished_at ?? null).toBeNull();
      const victim = victims[index % victims.length]!;
      await Promise.all(victim.map((part) => platform.kill(part)));
      kills += 1;
      for (const part of victim) await platform.launch(part);
      await platform.untilReady();
      // Whoever was killed holds the file for 30 s more. In short: as if they were over.
      if (sized(true, false)) await platform.query('operations', `UPDATE imports SET lease_until = now() WHERE import_id = $1`, [import_id]);
    }
    const ended = await eventually(async () => {
      const at = await job();
      expect(at?.finished_at).toEqual(expect.any(String));
      return at!;
    }, 600_000);
    seen(`import of ${rows} ${type} (${topology})`, { kills, 'done after s': secondsSince(start) });
    return ended as unknown as Record<string, unknown>;
  }

  it('go on where they were: each user is made once, and told of once', async () => {
    expect(await imported('users', users, (n) => ({ id: `u${n}`, first_name: `Number ${n}`, notes: 'x'.repeat(100) }))).toMatchObject({ state: 'done', rows: users, created: users, updated: 0, failed: 0 });
    expect(await platform.query('profiles', 'SELECT count(*)::integer AS rows, count(DISTINCT external_id)::integer AS ids FROM users WHERE realm_id = $1', [projectId])).toEqual([{ rows: users, ids: users }]);
    const told = `SELECT count(*)::integer AS events, count(DISTINCT data->>'userId')::integer AS users FROM feed WHERE type = 'profiles.user.changed' AND data->>'realmId' = $1`;
    await eventually(async () => expect(await platform.query('operations', told, [projectId])).toEqual([{ events: users, users }]), 120_000);
  }, 900_000);

  itWhole('store each event once, also where it has no id', async () => {
    expect(await imported('events', events, (n) => ({ uid: `u${n % users}`, event: 'Paid', value: n, properties: { note: 'x'.repeat(100) } }))).toMatchObject({ state: 'done', rows: events, created: events, skipped: 0, failed: 0 });
    expect(await platform.query('profiles', `SELECT count(*)::integer AS rows, count(DISTINCT value)::integer AS numbers FROM user_events WHERE realm_id = $1 AND event = 'Paid'`, [projectId])).toEqual([{ rows: events, numbers: events }]);
  }, 900_000);
});
