import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook as Verifier } from 'standardwebhooks';
import { eventually } from '#libs/platform/testing';
import { api, platform, unique } from './platform-under-test.js';

const headers = { 'x-api-key': platform.demo.superAdmin.apiKey };

interface Event {
  id: string;
  type: string;
  subject: string;
  data: { version?: number; erased?: boolean; user?: { uid: string; email: string } | null };
}

let receiver: Server;
let status = 204;
const taken: { headers: IncomingHttpHeaders; body: string; event: Event }[] = [];
let projectId: string;
let basic: [key: string, secret: string];
let hook: { webhook_id: string; secret: string };
const hooks = (path = '') => `/v1/admin/projects/${projectId}/webhooks${path}`;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const body = Buffer.concat(chunks).toString();
      if (status < 300) taken.push({ headers: request.headers, body, event: JSON.parse(body) as Event });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(platform.webhookPort, '127.0.0.1', resolve));
  const slug = unique('hooks');
  projectId = (await api.post('/v1/admin/projects', { headers, body: { org_id: platform.demo.org.id, name: slug, slug } })).body.project_id as string;
  const { key, secret } = (await api.post(`/v1/admin/projects/${projectId}/engagement-keys`, { headers, body: {} })).body as { key: string; secret: string };
  basic = [key, secret];
  const made = await api.post(hooks(), { headers, body: { url: `http://127.0.0.1:${platform.webhookPort}/`, types: ['rollcall.user.*'] } });
  expect(made).toMatchObject({ status: 201, body: { enabled: true, secret: expect.stringMatching(/^whsec_/) } });
  hook = made.body as typeof hook;
});
afterAll(async () => {
  await api.delete(hooks(`/${hook.webhook_id}`), { headers });
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

describe('webhooks of a project', () => {
  it('are sent each change of a user, signed, in order, also what failed at first, and never what an erased user was', async () => {
    expect((await api.post(hooks(`/${hook.webhook_id}/test`), { headers })).body).toMatchObject({ delivered: true, response_status: 204 });
    await api.post('/v1/users', { basic, body: { id: 'hooked', email: 'hooked@example.com' } });
    await eventually(() => expect(taken.filter(({ event }) => event.type === 'rollcall.user.created')).toHaveLength(1), 15_000);
    status = 500;
    for (const first_name of ['Ada', 'Grace']) await api.put('/v1/users/hooked', { basic, body: { first_name } });
    const failing = await eventually(async () => {
      const { body } = await api.get(hooks(`/${hook.webhook_id}/deliveries?state=pending`), { headers });
      const tried = (body.deliveries as { delivery_id: string; attempts: number; error: string | null }[]).filter(({ attempts }) => attempts > 0);
      expect(tried).toMatchObject([{ error: 'refused', response_status: 500 }]);
      return tried[0]!;
    }, 90_000);
    status = 204;
    expect((await api.post(hooks(`/${hook.webhook_id}/deliveries/${failing.delivery_id}/replay`), { headers })).status).toBe(202);
    await eventually(() => expect(taken.filter(({ event }) => event.type !== 'rollcall.webhook.test').map(({ event }) => event.data.version)).toEqual([1, 2, 3]), 15_000);
    expect(taken.at(-1)!.event.data.user).toMatchObject({ uid: 'hooked', email: 'hooked@example.com' });
    const verifier = new Verifier(hook.secret);
    for (const one of taken) expect(() => verifier.verify(one.body, one.headers as Record<string, string>)).not.toThrow();

    taken.length = 0;
    const from = new Date(Date.now() - 3_600_000).toISOString();
    expect((await api.delete('/v1/users/hooked', { basic })).status).toBe(200);
    await eventually(() => expect(taken.map(({ event }) => event.type)).toContain('rollcall.user.erased'), 15_000);
    expect((await api.post(hooks(`/${hook.webhook_id}/replay`), { headers, body: { from } })).status).toBe(202);
    await eventually(() => expect(taken.filter(({ event }) => event.type === 'rollcall.user.created')).toHaveLength(1), 15_000);
    expect(taken.map(({ body }) => body).join()).not.toContain('hooked');
    expect(taken.every(({ event }) => event.data.user === null && event.data.erased === true)).toBe(true);
  });

  it('show their secret once, and leave rows in the audit trail', async () => {
    for (const path of ['', `/${hook.webhook_id}`]) expect((await api.get(hooks(path), { headers })).text).not.toContain('whsec_');
    expect((await api.patch(hooks(`/${hook.webhook_id}`), { headers, body: { enabled: false } })).body).toMatchObject({ enabled: false, disabled_reason: 'manual' });
    expect((await api.patch(hooks(`/${hook.webhook_id}`), { headers, body: { enabled: true, all_types: true } })).body).toMatchObject({ enabled: true, types: null, disabled_reason: null });
    const { body } = await api.get(`/v1/admin/projects/${projectId}/audit?action=webhook.*`, { headers });
    expect((body.entries as { action: string }[]).map(({ action }) => action)).toEqual(expect.arrayContaining(['webhook.created', 'webhook.disabled', 'webhook.enabled', 'webhook.changed', 'webhook.replayed', 'webhook.delivery-replayed']));
  });

  it.each([
    [{ url: 'http://example.com/' }, 'url'],
    [{ url: 'https://127.0.0.1/' }, 'url'],
    [{ url: 'https://localhost/' }, 'url'],
    [{ url: 17 }, 'url'],
    [{ url: 'https://example.com/\u0000' }, 'url'],
    [{}, 'url'],
    [{ url: 'https://example.com/', types: ['rollcall.user.promoted'] }, 'types'],
    [{ url: 'https://example.com/', secret: 'mine' }, 'secret'],
  ])('are refused with %j, and it is said why', async (body, place) => {
    const answer = await api.post(hooks(), { headers, body });
    expect([answer.status, answer.text.includes(place)]).toEqual([400, true]);
    expect(answer.body.detail).not.toContain('operations.');
  });

  it('are nobody’s under another project, or no id', async () => {
    for (const path of [`/v1/admin/projects/${platform.demo.project.id}/webhooks/${hook.webhook_id}`, hooks('/17'), hooks(`/${hook.webhook_id}/deliveries/17`)]) expect((await api.get(path, { headers })).status).toBe(404);
  });
});
