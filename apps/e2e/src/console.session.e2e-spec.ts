import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { api, platform } from './platform-under-test.js';

const ownPage = { 'x-csrf-protection': '1' };
const { email, password } = platform.demo.admin;

/** The cookie of a login, as a browser would send it back. */
function cookieOf(headers: Headers, name = 'rollcall_session'): { sent: string; attributes: string } {
  const line = headers.getSetCookie().find((each) => each.startsWith(`${name}=`)) ?? '';
  return { sent: line.split(';')[0] ?? '', attributes: line.slice(line.indexOf(';')) };
}

const logIn = () => api.post('/v1/auth/browser/login', { headers: ownPage, body: { email, password } });
const refresh = (cookie: string, headers: Record<string, string> = ownPage) => api.post('/v1/auth/browser/refresh', { headers: { ...headers, cookie } });

describe('the session of a page', () => {
  it('keeps the refresh token in a cookie that scripts can’t read and other sites don’t send, and out of the body', async () => {
    const { status, headers, body, text } = await logIn();
    const { sent, attributes } = cookieOf(headers);
    expect({ status, keys: Object.keys(body).sort() }).toEqual({ status: 200, keys: ['access_token', 'expires_in', 'token_type', 'user_id'] });
    expect(attributes).toMatch(/^; Path=\/v1\/auth\/browser; Max-Age=\d+; HttpOnly; SameSite=Strict$/);
    expect(sent).toMatch(/^rollcall_session=rc_refresh_/);
    expect(text).not.toContain('rc_refresh_');
    expect((await api.get('/v1/admin/users/me', { bearer: body.access_token })).body.user_email).toBe(email);
  });

  it('goes on by the cookie alone, whose token is another one each time', async () => {
    const first = cookieOf((await logIn()).headers).sent;
    const renewed = await refresh(first);
    const second = cookieOf(renewed.headers).sent;
    expect(renewed.status).toBe(200);
    expect(second).not.toBe(first);
    expect((await refresh(second)).status).toBe(200);
  });

  it('takes nothing that a page of another site could send', async () => {
    const { sent } = cookieOf((await logIn()).headers);
    const foreign: Record<string, string>[] = [{}, { ...ownPage, 'sec-fetch-site': 'cross-site' }, { ...ownPage, 'sec-fetch-site': 'same-site' }, { ...ownPage, origin: 'https://evil.example' }, { ...ownPage, origin: 'null' }];
    for (const headers of foreign) {
      for (const path of ['login', 'refresh', 'logout', 'sso-token', 'login/new-password']) {
        const body = { login: { email, password }, 'sso-token': { code: 'x' }, 'login/new-password': { step_token: 'x', password: 'x' } }[path];
        const answer = await api.post(`/v1/auth/browser/${path}`, { headers: { ...headers, cookie: sent }, body });
        expect({ path, headers, status: answer.status, code: answer.body.code }).toEqual({ path, headers, status: 403, code: 'cross-site-request' });
      }
    }
    expect((await refresh(sent, { ...ownPage, 'sec-fetch-site': 'same-origin', origin: platform.url })).status).toBe(200);
  });

  it('ends on the server when the page logs out: neither the cookie nor the access token is good any more', async () => {
    const { headers, body } = await logIn();
    const { sent } = cookieOf(headers);
    const out = await api.post('/v1/auth/browser/logout', { headers: { ...ownPage, cookie: sent } });
    expect({ status: out.status, cookie: cookieOf(out.headers).sent, gone: /Max-Age=0/.test(cookieOf(out.headers).attributes) }).toEqual({ status: 204, cookie: 'rollcall_session=', gone: true });
    expect((await refresh(sent)).status).toBe(401);
    expect((await api.get('/v1/auth/me', { bearer: body.access_token })).status).toBe(401);
  });

  it('is told that there is none by a 401, and by the 401 of any login that the password is wrong', async () => {
    expect((await refresh('')).body.code).toBe('refresh-token-invalid');
    const wrong = await api.post('/v1/auth/browser/login', { headers: ownPage, body: { email: 'nobody@example.com', password: 'wrong horse' } });
    expect({ status: wrong.status, cookies: wrong.headers.getSetCookie() }).toEqual({ status: 401, cookies: [] });
  });
});

/** As it comes over the wire: fetch would unpack it. */
function raw(path: string, headers: Record<string, string> = {}): Promise<{ answer: IncomingMessage; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    httpGet(`${platform.url}${path}`, { headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => resolve({ answer, bytes: Buffer.concat(parts) }));
    }).on('error', reject);
  });
}

describe('the console’s files', () => {
  it('are one page at every address below /console, which may run only what is served from here and is framed by nobody', async () => {
    const answers = await Promise.all(['/console', '/console/', '/console/projects/x/users?search=ada'].map((path) => fetch(`${platform.url}${path}`)));
    for (const answer of answers) {
      const page = await answer.text();
      const policy = answer.headers.get('content-security-policy') ?? '';
      const nonce = /'nonce-([\w-]+)'/.exec(policy)?.[1];
      expect(answer.status).toBe(200);
      expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-[\w-]{22}'; .*frame-ancestors 'none'$/);
      expect(policy).not.toContain('unsafe');
      expect(page).toContain(`nonce="${nonce}"`);
      expect(page).not.toContain('__ROLLCALL');
      expect(page).not.toMatch(/<script(?![^>]* src=)/);
      expect(Object.fromEntries(['cache-control', 'x-frame-options', 'x-content-type-options', 'referrer-policy'].map((name) => [name, answer.headers.get(name)]))).toEqual({ 'cache-control': 'no-store', 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    }
    const nonces = new Set(answers.map((answer) => answer.headers.get('content-security-policy')));
    expect(nonces.size).toBe(answers.length);
    expect((await fetch(`${platform.url}/console`, { method: 'HEAD' })).status).toBe(200);
    expect((await fetch(`${platform.url}/console`, { method: 'POST' })).status).toBe(405);
  });

  it('are kept by browsers for ever under names that tell their content, and come packed as the browser takes it', async () => {
    const page = (await raw('/console')).bytes.toString();
    const script = /src="(\/console\/assets\/[^"]+\.js)"/.exec(page)?.[1] ?? '';
    const [plain, gzip, br, refused] = await Promise.all([raw(script), raw(script, { 'accept-encoding': 'gzip, deflate' }), raw(script, { 'accept-encoding': 'gzip, deflate, br, zstd' }), raw(script, { 'accept-encoding': 'br;q=0, identity' })]);
    expect([plain, gzip, br, refused].map(({ answer }) => answer.headers['content-encoding'])).toEqual([undefined, 'gzip', 'br', undefined]);
    expect(gunzipSync(gzip.bytes).equals(plain.bytes) && brotliDecompressSync(br.bytes).equals(plain.bytes)).toBe(true);
    expect(plain.answer.headers).toMatchObject({ 'cache-control': 'public, max-age=31536000, immutable', 'content-type': 'text/javascript; charset=utf-8', vary: 'Accept-Encoding' });
    expect((await raw(script, { 'if-none-match': plain.answer.headers.etag ?? '' })).answer.statusCode).toBe(304);
    const head = await fetch(`${platform.url}${script}`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    const missing = await raw('/console/assets/index-gone.js');
    expect([missing.answer.statusCode, missing.answer.headers['cache-control']]).toEqual([404, 'no-store']);
    for (const path of ['/console/assets/..%2Findex.html', '/console/assets/%2e%2e%2f%2e%2e%2f.prepare%2fconsole.json']) expect((await raw(path)).answer.statusCode).toBe(404);
  });

  it('need less than 300 kB for the first load', async () => {
    const page = (await raw('/console')).bytes.toString();
    const files = [...page.matchAll(/(?:src|href)="(\/console\/assets\/[^"]+)"/g)].map(([, path]) => path!);
    const sizes = await Promise.all(files.map(async (path) => (await raw(path, { 'accept-encoding': 'gzip' })).bytes.length));
    expect(files.length).toBeGreaterThan(2);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000);
  });

  it('have the pages that links in mails lead to', async () => {
    const answer = await fetch(`${platform.url}/auth/reset-password?token=a%2Bb`, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/console/reset-password?token=a%2Bb']);
  });
});
