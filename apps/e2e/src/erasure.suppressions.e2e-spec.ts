import { describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/platform/testing';
import { api, environmentToken, keyAndSecret, keyOnly, platform, unique } from './platform-under-test.js';

const { demo } = platform;
const inProject = `/v1/admin/projects/${demo.project.id}`;
const base = `${inProject}/suppressions`;
const orgAdmin = { 'x-api-key': demo.apiKey };

describe('the suppression list', () => {
  it('shows who was erased, refuses what comes late, and lets them come back when an administrator says so', async () => {
    const [uid, requestId] = [unique('suppressed'), unique('request')];
    const bearer = await environmentToken('events');
    const check = async (body: object) => (await api.post(`${base}/check`, { headers: orgAdmin, body })).body;
    const track = () => api.post(`/v1/users/${uid}/events`, { basic: keyOnly, body: { event: 'Late' } });
    const save = async () => (await api.post('/users', { bearer, body: { users: [{ id: uid, profile: { city: 'Late' } }] } })).body;

    const { id: user_id } = (await api.post('/v1/users', { basic: keyOnly, body: { id: uid, email: `${uid}@example.com` } })).body as { id: string };
    expect(await check({ uid })).toEqual({ suppressed: false, since: null, suppressions: [] });
    const { job_id } = (await api.put('/delete-users', { bearer, body: { data: [uid] } })).body as { job_id: string };

    const { suppressions } = (await api.get(`${base}?page_size=100`, { headers: orgAdmin })).body as { suppressions: { job_id: string; suppression_id: string; suppressed_at: string }[] };
    const names = suppressions.filter((one) => one.job_id === job_id);
    const name = (kind: string) => ({ kind, job_id, suppression_id: expect.stringMatching(/^[0-9a-f]{64}$/), suppressed_at: expect.stringMatching(/^\d{4}-.*Z$/) });
    expect(names).toHaveLength(2);
    expect(names).toEqual(expect.arrayContaining([name('uid'), name('email')]));
    for (const body of [{ uid }, { uid: `${uid}@example.com` }, { user_id }]) {
      expect(await check(body)).toEqual({ suppressed: true, since: names[0]!.suppressed_at, suppressions: expect.arrayContaining(names) });
    }
    expect((await track()).status).toBe(410);
    await save();
    expect((await track()).status).toBe(410);

    const path = `${base}/${names[0]!.suppression_id}`;
    const lifted = await eventually(async () => {
      const answer = await api.delete(path, { headers: { ...orgAdmin, 'x-request-id': requestId } });
      if (answer.status === 409) expect(answer.body).toMatchObject({ code: 'erasure-running' });
      expect(answer.status).toBe(204);
      return answer;
    }, 90_000);
    expect(lifted.text).toBe('');
    for (const unknown of [path, `${base}/${'0'.repeat(64)}`, `${base}/nothing`]) expect((await api.delete(unknown, { headers: orgAdmin })).body).toMatchObject({ status: 404, code: 'suppression-not-found' });
    expect(await check({ uid })).toEqual({ suppressed: false, since: null, suppressions: [] });
    expect(await check({ user_id })).toMatchObject({ suppressed: true, suppressions: [] });

    expect((await track()).status).toBe(404);
    await save();
    expect((await track()).status).toBeLessThan(300);
    const { entries } = (await api.get(`${inProject}/audit?target=${names[0]!.suppression_id}`, { headers: orgAdmin })).body;
    expect(entries).toEqual([expect.objectContaining({ action: 'suppression.lifted', actor: { type: 'credential', id: expect.any(String) }, before: ['email', 'external-id'], after: [], surface: 'admin', request_id: requestId })]);
    await api.delete(`/v1/users/${uid}`, { basic: keyAndSecret });
  });

  it.each([[{}], [{ uid: 'u', user_id: '01890000-0000-7000-8000-000000000000' }], [{ uid: '' }], [{ uid: 7 }], [{ user_id: 'u' }], [{ uid: 'u'.repeat(321) }], [{ uid: 'u', more: 1 }]])('refuses to check %j', async (body) => {
    expect((await api.post(`${base}/check`, { headers: orgAdmin, body })).body).toMatchObject({ status: 400, errors: [expect.anything()] });
  });
});
