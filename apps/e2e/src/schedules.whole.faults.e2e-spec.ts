import { afterAll, describe, expect, it } from '@jest/globals';
import { eventually, type Part } from '#libs/platform/testing';
import { atOnce, platform, secondsSince, seen, topology } from './fault-world.js';
import { environmentToken, keyAndSecret as basic, platform as given, unique } from './platform-under-test.js';

const headers = { 'x-api-key': given.demo.superAdmin.apiKey };
const workers: Part = topology === 'services' ? 'workers' : 'all';

interface Job {
  name: string;
  interval_seconds: number;
  state: string;
  failures: number;
  last_run: { outcome: string; started_at: string } | null;
  next_run_at: string | null;
  runs: { run_id: string; outcome: string; trigger: string; counts: Record<string, number> }[];
}

const jobOf = async (name: string) => (await platform.api.get(`/v1/admin/jobs/${name}`, { headers })).body as unknown as Job;
const jobs = async () => (await platform.api.get('/v1/admin/jobs', { headers })).body.jobs as Job[];
async function run(name: string): Promise<string> {
  const { status, body } = await platform.api.post(`/v1/admin/jobs/${name}/run`, { headers });
  expect(status).toBe(202);
  return body.run_id as string;
}
const pause = async (name: string, isPaused: boolean) => expect((await platform.api.post(`/v1/admin/jobs/${name}/${isPaused ? 'pause' : 'resume'}`, { headers })).status).toBe(200);

/** Wants a run, waits until it is held up by the locked row, and kills the workers. */
async function killInTheMiddle(name: string, isUnderWay: () => Promise<void>): Promise<void> {
  await run(name);
  await eventually(async () => expect((await jobOf(name)).state).toBe('running'), 20_000);
  await eventually(isUnderWay, 20_000);
  await platform.kill(workers);
}

async function untilDone(name: string, once = async (): Promise<void> => undefined): Promise<number> {
  const since = performance.now();
  await platform.launch(workers);
  await platform.untilReady();
  await once();
  await eventually(async () => {
    const { state, last_run, runs } = await jobOf(name);
    expect([state, last_run?.outcome]).toEqual(['idle', 'done']);
    expect(runs.slice(0, 5).map(({ outcome }) => outcome)).toContain('interrupted');
  }, 120_000);
  return secondsSince(since);
}

describe('kill -9 of the workers in the middle of scheduled work', () => {
  afterAll(async () => {
    await platform.restore();
  });

  it('of their own: the run is told of as interrupted, and its rest is done by itself', async () => {
    const [rows, type] = [12_000, unique('test.old')];
    // Before everything that is there, so that they are the oldest; the run goes by batches of 5,000.
    await platform.query('operations', `INSERT INTO feed (seq, event_id, type, data, occurred_at) OVERRIDING SYSTEM VALUE SELECT -n, gen_random_uuid(), $1, '{}', now() - interval '40 days' FROM generate_series(1, $2::int) AS n`, [type, rows]);
    const left = async () => (await platform.query('operations', 'SELECT FROM feed WHERE type = $1', [type])).length;
    const unlock = await platform.lockRow('operations', 'SELECT FROM feed WHERE type = $1 AND seq = -1000', [type]); // in the third batch
    try {
      await killInTheMiddle('trim-feed', async () => expect(await left()).toBe(2_000));
    } finally {
      await unlock();
    }
    const seconds = await untilDone('trim-feed');
    seen('workers killed in the middle of trim-feed', { 'rows left then': 2_000, 'done after s': seconds });
    expect(await left()).toBe(0);
  }, 240_000);

  it('that a service does for them: each thing is done once', async () => {
    const count = 60;
    const prefix = unique('expired');
    const orgId = (await platform.api.post('/v1/admin/orgs', { headers, body: { name: 'Schedules', slug: unique('schedules') } })).body.org_id as string;
    let next = 0;
    await atOnce(async () => {
      while (next < count) {
        next += 1;
        expect((await platform.api.post('/v1/admin/users/invite', { headers, body: { user_email: `${prefix}-${next}@example.com`, role: 'member', org_id: orgId } })).status).toBe(201);
      }
    }, 4);
    const ofAll = `${prefix}-%`;
    const pending = async () => (await platform.query('membership', `SELECT FROM invitations WHERE email LIKE $1 AND status = 'pending'`, [ofAll])).length;
    const name = 'expire-invitations';
    let leftThen = 0;
    await pause(name, true); // so that no run comes before the one in the middle is locked
    await platform.query('membership', `UPDATE invitations SET expires_at = now() - interval '1 hour' + n * interval '1 second' FROM (SELECT invitation_id, row_number() OVER () AS n FROM invitations WHERE email LIKE $1) AS numbered WHERE invitations.invitation_id = numbered.invitation_id`, [ofAll]);
    const [middle] = await platform.query<{ id: string }>('membership', 'SELECT invitation_id AS id FROM invitations WHERE email LIKE $1 ORDER BY expires_at OFFSET $2 LIMIT 1', [ofAll, count / 2]);
    const unlock = await platform.lockRow('membership', 'SELECT FROM invitations WHERE invitation_id = $1', [middle!.id]);
    try {
      await killInTheMiddle(name, async () => expect((leftThen = await pending())).toBe(count / 2));
    } finally {
      await unlock();
    }
    const seconds = await untilDone(name, () => pause(name, false));
    expect(await pending()).toBe(0);
    await eventually(async () => {
      const told = await platform.query<{ times: number }>('operations', `SELECT count(*)::int AS times FROM audit_log WHERE organisation_id = $1 AND action = 'invitation.expired' GROUP BY target_id`, [orgId]);
      expect(told).toHaveLength(count);
      expect(told.filter(({ times }) => times !== 1)).toEqual([]);
    }, 60_000);
    seen('workers killed in the middle of expire-invitations', { invitations: count, 'left then': leftThen, 'done after s': seconds });
  }, 240_000);
});

/** All in one, there is no Redis. */
const described = topology === 'services' ? describe : (_name: string, _specs: () => void) => undefined;

described('Redis, flushed again and again while scheduled work goes on', () => {
  const times = 5;

  it('the schedules come back by themselves, and what was wanted is done', async () => {
    const bearer = await environmentToken();
    let slowest = 0;
    for (let time = 0; time < times; time += 1) {
      const doomed = Array.from({ length: 5 }, () => unique('flushed'));
      await Promise.all(doomed.map((id) => platform.api.post('/v1/users', { basic, body: { id } })));
      const [{ body }, runId] = await Promise.all([platform.api.put('/delete-users', { bearer, body: { data: doomed } }), run('trim-mails')]);
      const flushed = Date.now();
      const since = performance.now();
      await platform.servers.flush();
      await eventually(async () => {
        const all = await jobs();
        expect(all.length).toBeGreaterThan(20);
        expect(all.filter(({ next_run_at }) => next_run_at === null).map(({ name }) => name)).toEqual([]);
        // Those that come often have come since.
        const late = all.filter(({ interval_seconds, last_run }) => interval_seconds <= 30 && Date.parse(last_run?.started_at ?? '') < flushed);
        expect(late.map(({ name }) => name)).toEqual([]);
        expect(all.filter(({ failures }) => failures > 0).map(({ name }) => name)).toEqual([]);
      }, 90_000);
      slowest = Math.max(slowest, secondsSince(since));
      await eventually(async () => expect((await jobOf('trim-mails')).runs.find(({ run_id }) => run_id === runId)?.outcome).toBe('done'), 30_000);
      await eventually(async () => expect((await platform.api.get(`/delete-users/${String(body.job_id)}`, { bearer })).body.data).toMatchObject({ state: 'done' }), 60_000);
    }
    seen('Redis flushed under schedules', { times, 'all have run again after s, at the most': slowest });
    expect(platform.unexpectedExits).toEqual([]);
  }, 600_000);
});
