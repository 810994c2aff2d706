import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkoutFolder, eventually, TestOpenIdProvider } from '#libs/platform/testing';
import { adminToken, api, platform, unique } from './platform-under-test.js';

const { org, admin } = platform.demo;
const superAdmin = { 'x-api-key': platform.demo.superAdmin.apiKey };
const orgAdmin = { 'x-api-key': platform.demo.apiKey };
const path = `/v1/admin/orgs/${org.id}/sso`;
const run = promisify(execFile);
const page = 'http://localhost:3998/signed-in';

describe('single sign-on', () => {
  let provider: TestOpenIdProvider;
  beforeAll(async () => {
    provider = await TestOpenIdProvider.start({ redirectUris: [`${platform.url}/v1/auth/sso/${org.slug}/callback`], port: platform.ssoPort });
    provider.accounts.set('the-admin', { email: admin.email, email_verified: true, name: 'The Admin' });
    provider.accounts.set('somebody', { email: `${unique('somebody')}@example.com`, email_verified: true });
  });
  afterAll(async () => {
    await api.delete(path, { headers: superAdmin });
    await provider.stop();
  });

  const wanted = (more = {}) => ({ issuer: provider.issuer, client_id: provider.clientId, client_secret: provider.clientSecret, email_domains: ['example.com'], return_urls: [page], ...more });
  /** As a browser: cookies are kept, redirects followed by hand. */
  const start = (query = '') => fetch(`${platform.url}/v1/auth/sso/${org.slug}/start${query}`, { redirect: 'manual' });
  const logIn = async (subject: string, query = '') => {
    const begun = await start(query);
    const cookie = begun.headers.get('set-cookie')!.split(';')[0]!;
    const called = await provider.logIn(begun.headers.get('location')!, subject);
    return { called, cookie, answer: await fetch(called, { redirect: 'manual', headers: { cookie } }) };
  };

  it('is not there before it is set up, and is set up by administrators only', async () => {
    expect((await start()).status).toBe(404);
    expect(await api.get(path, { headers: superAdmin })).toMatchObject({ status: 404, body: { code: 'sso-not-set-up' } });
    expect((await api.get(`${path}-connections`, { headers: superAdmin })).body).toEqual({ sso_connections: [] });
    expect((await api.put(path, { body: wanted() })).status).toBe(401);
    expect(await api.put(path, { headers: orgAdmin, body: wanted() })).toMatchObject({ status: 403, body: { code: 'sso-domain-forbidden' } });
    expect(await api.put(path, { headers: superAdmin, body: wanted({ email_domains: ['not a domain'], colour: 'red' }) })).toMatchObject({ status: 400, body: { errors: expect.arrayContaining([expect.objectContaining({ path: 'email_domains[0]' }), expect.objectContaining({ path: 'colour' })]) } });
    expect(await api.put(path, { headers: superAdmin, body: wanted({ issuer: 'http://127.0.0.1:9' }) })).toMatchObject({ status: 400, body: { code: 'sso-provider-refused' } });

    const set = await api.put(path, { headers: superAdmin, body: wanted() });
    expect([set.status, set.body]).toMatchObject([200, { org_id: org.id, issuer: provider.issuer, email_domains: ['example.com'], auto_join: false, trust_email: false }]);
    expect(set.text).not.toContain(provider.clientSecret);
    expect((await api.get(`${path}-connections`, { headers: orgAdmin })).body).toEqual({ sso_connections: [set.body] });
    expect(await api.put(path, { headers: orgAdmin, body: wanted({ client_secret: undefined }) })).toMatchObject({ status: 200 });
    for (const more of [{ issuer: 'https://provider.example' }, { trust_email: true }]) expect(await api.put(path, { headers: orgAdmin, body: wanted(more) })).toMatchObject({ status: 403, body: { code: 'sso-provider-forbidden' } });
    expect(await api.post(`${path}/test`, { headers: orgAdmin })).toMatchObject({ status: 200, body: { token_endpoint: `${provider.issuer}/token` } });
  });

  it('logs a member in: the callback answers with tokens that work, once, in their browser', async () => {
    const { called, cookie, answer } = await logIn('the-admin');
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const { access_token, user_id } = (await answer.json()) as { access_token: string; user_id: string };
    const byPassword = await api.post('/v1/auth/login', { body: admin });
    expect(user_id).toBe(byPassword.body.user.user_id);
    expect((await api.get('/v1/admin/orgs', { bearer: access_token })).body.orgs).toMatchObject([{ org_id: org.id }]);
    for (const sent of [cookie, '']) expect(await (await fetch(called, { headers: { cookie: sent } })).json()).toMatchObject({ status: 400, code: 'sso-attempt-unknown' });
  });

  it('tells strangers of no organisation whether it is there: one without single sign-on is answered like none', async () => {
    const without = await api.post('/v1/admin/orgs', { headers: superAdmin, body: { name: 'Without', slug: unique('without') } });
    expect(without.status).toBe(201);
    const [nobody, somebody, byId] = await Promise.all([unique('nobody'), without.body.slug as string, without.body.org_id as string].map((name) => Promise.all(['start', 'callback?state=x&code=y'].map((step) => api.get(`/v1/auth/sso/${name}/${step}`, {})))));
    const shown = (answers: typeof nobody) => answers!.map(({ status, body: { request_id: _, ...body } }) => ({ status, body }));
    expect(shown(nobody)).toEqual(shown(somebody));
    expect(shown(nobody)).toEqual(shown(byId));
    expect(nobody![0]).toMatchObject({ status: 404, body: { code: 'sso-not-set-up' } });
  });

  it('sends a page a code, which is worth tokens once, or the reason', async () => {
    const { answer } = await logIn('the-admin', `?return_to=${encodeURIComponent(page)}`);
    expect(answer.status).toBe(302);
    const code = new URL(answer.headers.get('location')!).searchParams.get('code');
    expect(answer.headers.get('location')).toBe(`${page}?code=${code}`);
    expect(await api.post('/v1/auth/sso/token', { body: { code } })).toMatchObject({ status: 200, body: { token_type: 'Bearer', user_id: expect.any(String) } });
    expect(await api.post('/v1/auth/sso/token', { body: { code } })).toMatchObject({ status: 401, body: { code: 'sso-code-invalid' } });
    const refused = (await logIn('somebody', `?return_to=${encodeURIComponent(page)}`)).answer;
    expect(new URL(refused.headers.get('location')!).searchParams.get('error')).toBe('sso-not-invited');
    expect((await start('?return_to=https%3A%2F%2Fevil.example')).status).toBe(400);
  });

  it('gives a page its state back, with the code and with the reason', async () => {
    const state = 'a b+~%;=';
    const query = `?return_to=${encodeURIComponent(page)}&state=${encodeURIComponent(state)}`;
    for (const [subject, said] of [['the-admin', 'code'], ['somebody', 'error']] as const) {
      const { searchParams } = new URL((await logIn(subject, query)).answer.headers.get('location')!);
      expect([searchParams.has(said), searchParams.get('state')]).toEqual([true, state]);
    }
    for (const [wrong, message] of [['state=x', 'goes with return_to only'], [`return_to=${encodeURIComponent(page)}&state=${'x'.repeat(257)}`, 'must be 1 to 256 printable ASCII characters']] as const) {
      expect(await (await start(`?${wrong}`)).json()).toMatchObject({ status: 400, errors: [{ path: 'state', message }] });
    }
  });

  it('makes an invited person active at their first login, without a password', async () => {
    const email = `${unique('invited')}@example.com`;
    const invited = await api.post('/v1/admin/users/invite', { headers: superAdmin, body: { user_email: email, role: 'member', org_id: org.id } });
    expect([invited.status, invited.body.user.status]).toEqual([201, 'invited']);
    provider.accounts.set('the-invited', { email, email_verified: true, name: 'Invited Person' });
    const { user_id, access_token } = (await (await logIn('the-invited')).answer.json()) as { user_id: string; access_token: string };
    expect(user_id).toBe(invited.body.user.user_id);
    expect((await api.get('/v1/admin/users/me', { bearer: access_token })).body).toMatchObject({ user_email: email, status: 'active', orgs: [{ org_id: org.id, role: 'member', status: 'active' }] });
  });

  it('takes newcomers of the domains where auto_join is on', async () => {
    expect((await api.put(path, { headers: orgAdmin, body: wanted({ client_secret: undefined, auto_join: true }) })).status).toBe(200);
    const { access_token } = (await (await logIn('somebody')).answer.json()) as { access_token: string };
    expect((await api.get('/v1/admin/users/me', { bearer: access_token })).body).toMatchObject({ status: 'active', orgs: [{ org_id: org.id, role: 'member', status: 'active' }] });
    expect((await api.get(`/v1/admin/users?org_id=${org.id}`, { bearer: access_token })).status).toBe(403);
  });

  it('works by the lines of docs/administrators/single-sign-on.md', async () => {
    const guide = await readFile(join(checkoutFolder, 'docs/administrators/single-sign-on.md'), 'utf8');
    const [setUp = '', redeem = ''] = [...guide.matchAll(/^```sh\n([^]*?)^```/gm)].map(([, lines = '']) => lines.replaceAll('https://rollcall.example.com', platform.url));
    const secret = `"client_secret":"${provider.clientSecret}"`;
    const ours = setUp.replace('https://acme.okta.com', provider.issuer).replace('0oa1…', provider.clientId).replace('"client_secret":"…"', secret).replace('"acme.com"', '"example.com"');
    const shell = (lines: string) => run('bash', ['-c', `set -euo pipefail\ncurl() { command curl --silent --show-error --fail-with-body "$@"; }\nKEY='${superAdmin['x-api-key']}'\nORG_ID=${org.id}\n${lines}`]);
    expect(JSON.parse((await shell(ours)).stdout)).toMatchObject({ org_id: org.id, email_domains: ['example.com'] });
    await api.put(path, { headers: orgAdmin, body: wanted({ client_secret: undefined }) });
    const { answer } = await logIn('the-admin', `?return_to=${encodeURIComponent(page)}`);
    const code = new URL(answer.headers.get('location')!).searchParams.get('code')!;
    expect(JSON.parse((await shell(redeem.replace('…', code))).stdout)).toMatchObject({ token_type: 'Bearer' });
  });

  it('leaves its set-up in the audit trail', async () => {
    const bearer = await adminToken();
    await eventually(async () => {
      const { body } = await api.get(`/v1/admin/orgs/${org.id}/audit?action=sso.changed`, { bearer });
      expect(body.entries ?? body).toContainEqual(expect.objectContaining({ action: 'sso.changed', surface: 'admin' }));
    });
  });
});
