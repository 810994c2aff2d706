import { describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/platform/testing';
import { adminToken, api, platform } from './platform-under-test.js';

const superAdmin = { 'x-api-key': platform.demo.superAdmin.apiKey };
const base = '/v1/admin/jobs';

interface Job {
  name: string;
  does: string;
  interval_seconds: number;
  state: string;
  last_run: { outcome: string; error: string | null; run_id: string; started_at: string } | null;
  next_run_at: string | null;
  failures: number;
  runs?: { run_id: string; outcome: string; trigger: string; counts: Record<string, number> }[];
}

const jobs = async () => (await api.get(base, { headers: superAdmin })).body as { jobs: Job[]; queues: { queue: string; waiting: number }[] };
const jobOf = async (name: string) => (await api.get(`${base}/${name}`, { headers: superAdmin })).body as Job;

describe('scheduled work', () => {
  it('has all run, and none fails: that of every service', async () => {
    const all = await eventually(async () => {
      const answer = await jobs();
      expect(answer.jobs.filter(({ last_run }) => last_run === null).map(({ name }) => name)).toEqual([]);
      expect(answer.jobs.filter(({ last_run, failures }) => failures > 0 || last_run?.outcome !== 'done').map(({ name, last_run }) => [name, last_run?.error])).toEqual([]);
      return answer;
    }, 90_000); // one that came before its service was there is tried again after half a minute
    expect(all.jobs.length).toBeGreaterThan(20);
    expect(all.jobs.every(({ next_run_at, does }) => next_run_at !== null && does.length > 10)).toBe(true);
    expect(all.queues.map(({ queue }) => queue)).toEqual(expect.arrayContaining(['erasure', 'mail', 'schedules']));
    expect((await api.get('/v1/admin/failed-jobs', { headers: superAdmin })).body.failed_jobs).toEqual([]);
  });

  it.each(['trim-identity', 'make-event-partitions', 'expire-invitations', 'trim-feed'])('%s runs when it is wanted, and says what it did', async (name) => {
    const answer = await api.post(`${base}/${name}/run`, { headers: superAdmin });
    expect(answer).toMatchObject({ status: 202, body: { name, already: expect.any(Boolean), state: expect.stringMatching(/waiting|running/) } });
    const run = await eventually(async () => {
      const found = (await jobOf(name)).runs?.find(({ run_id }) => run_id === answer.body.run_id);
      if (found === undefined && answer.body.already === false) throw new Error('it has not ended yet');
      return found;
    }, 90_000);
    if (answer.body.already === true) return;
    expect(run).toMatchObject({ trigger: 'manual', outcome: 'done', counts: expect.any(Object) });
    const audit = await api.get(`/v1/admin/audit?target=${name}&action=job.*&limit=1`, { headers: superAdmin });
    expect(audit.body.entries).toMatchObject([{ action: 'job.run-requested', target: { type: 'job', id: name }, surface: 'admin' }]);
  });

  it('is paused and resumed', async () => {
    const name = 'trim-mails';
    for (let twice = 0; twice < 2; twice += 1) expect(await api.post(`${base}/${name}/pause`, { headers: superAdmin })).toMatchObject({ status: 200, body: { state: 'paused', next_run_at: null } });
    expect(await api.post(`${base}/${name}/resume`, { headers: superAdmin })).toMatchObject({ status: 200, body: { state: 'idle', paused_at: null } });
    const audit = await api.get(`/v1/admin/audit?target=${name}&action=job.*`, { headers: superAdmin });
    expect((audit.body.entries as { action: string }[]).map(({ action }) => action).slice(0, 2)).toEqual(['job.resumed', 'job.paused']);
  });

  it('is for super administrators, and an unknown one is a 404', async () => {
    expect((await api.get(base, { bearer: await adminToken() })).status).toBe(403);
    expect((await api.post(`${base}/trim-feed/run`, { headers: { 'x-api-key': platform.demo.apiKey } })).status).toBe(403);
    expect((await api.get(base)).status).toBe(401);
    for (const name of ['no-such-job', 'No%20Job', '%00']) {
      expect(await api.get(`${base}/${name}`, { headers: superAdmin })).toMatchObject({ status: 404, body: { code: 'job-not-found' } });
      expect((await api.post(`${base}/${name}/run`, { headers: superAdmin })).status).toBe(404);
    }
    for (const path of ['mail/unknown', 'nobody/unknown', 'mail/%00']) expect((await api.post(`/v1/admin/failed-jobs/${path}/retry`, { headers: superAdmin })).status).toBe(404);
  });
});
