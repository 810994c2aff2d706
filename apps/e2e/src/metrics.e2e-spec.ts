import { describe, expect, it } from '@jest/globals';
import { ApiClient } from '#libs/platform/testing';
import { api, keyAndSecret, platform, unique } from './platform-under-test.js';

const allInOne = platform.topology === 'all-in-one';

async function figures(headers: Record<string, string> = {}): Promise<{ status: number; type: string | null; text: string }> {
  const answer = await fetch(`${platform.url}/metrics`, { headers });
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
}

/** The value of the one series with these labels. */
function valueOf(text: string, name: string, labels: Record<string, string> = {}): number {
  const found = text.split('\n').filter((line) => line.startsWith(`${name}{`) && Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`)));
  return found.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

describe('GET /metrics', () => {
  it('counts requests by route and status, whatever a client makes up', async () => {
    const requests = 'rollcall_http_request_duration_seconds_count';
    const found = { surface: 'engagement', method: 'GET', status: '404' };
    const nowhere = { surface: 'none', route: 'none', status: '404' };
    const before = (await figures()).text;
    const canary = unique('canary');
    for (let each = 0; each < 3; each += 1) expect((await api.get(`/v1/users/${canary}-${each}`, { basic: keyAndSecret })).status).toBe(404);
    expect((await api.get(`/${canary}/nothing`)).status).toBe(404);
    expect((await fetch(`${platform.url}/${canary}`, { method: 'PROPFIND' })).status).toBe(404);
    const after = (await figures()).text;
    expect(valueOf(after, requests, found) - valueOf(before, requests, found)).toBeGreaterThanOrEqual(3);
    expect(valueOf(after, requests, nowhere) - valueOf(before, requests, nowhere)).toBeGreaterThanOrEqual(2);
    expect(after).not.toContain(canary);
  });

  it('names nobody: what somebody logs in with and what is kept of users is in no figure', async () => {
    const canary = unique('canary');
    await api.post('/v1/auth/login', { body: { email: `${canary}@example.com`, password: `${canary}-password` } });
    await api.post('/v1/users', { basic: keyAndSecret, body: { uid: canary, email: `${canary}@example.org`, attributes: { [canary]: canary } } });
    expect((await figures()).text).not.toContain(canary);
  });

  it('tells of the process, and of what it depends on', async () => {
    const { status, type, text } = await figures();
    expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(valueOf(text, 'rollcall_dependency_ready', { dependency: allInOne ? 'postgres:identity' : 'nats' })).toBe(1);
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
    if (!allInOne) return; // the rest is told by the services themselves
    for (const database of ['identity', 'profiles', 'membership', 'operations']) {
      for (const name of ['rollcall_outbox_lag_seconds', 'rollcall_dead_letters', 'rollcall_database_connections']) expect([name, database, text.includes(`${name}{database="${database}"`)]).toEqual([name, database, true]);
    }
    expect(valueOf(text, 'rollcall_message_duration_seconds_count', { subject: 'identity.login.log-in', outcome: 'invalid-credentials' })).toBeGreaterThan(0);
    expect(text).toMatch(/^rollcall_queue_jobs\{queue="schedules",state="waiting"\} \d+$/m);
  });

  it('is for operators: another host needs the token', async () => {
    const outside = new ApiClient(platform.url);
    const refused = await outside.get('/metrics', { headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect([refused.status, refused.headers.get('content-type'), refused.body.status]).toEqual([401, 'application/problem+json; charset=utf-8', 401]);
    expect((await outside.get('/metrics', { headers: { 'x-forwarded-for': '203.0.113.9', authorization: 'Bearer nonsense' } })).status).toBe(401);
  });
});
