import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { clientCredentials, createClient, endUserToken, staffSession, userSession, type SessionTokens } from '../index.js';
import { failureOf } from '../spec-support/failure-of.js';
import { broken, json, ok, TestServer, type Reply } from '../spec-support/test-server.js';

const server = new TestServer();
beforeAll(() => server.start());
afterAll(() => server.stop());
beforeEach(() => server.next());

/** A token as the server signs them, good for so many seconds. */
function token(seconds: number, name: string): string {
  const now = Math.floor(Date.now() / 1_000);
  return `${btoa('{}')}.${Buffer.from(JSON.stringify({ iat: now, exp: now + seconds, name })).toString('base64url')}.signature`;
}

describe('sessions', () => {
  const tokens = (name: string, seconds = 600) => ({ access_token: `access-${name}`, token_type: 'Bearer', expires_in: seconds, refresh_token: `refresh-${name}` });
  /** Lets only the newest access token in. */
  const guard = (valid: () => string): Reply => (response, one) => (one.headers.authorization === `Bearer ${valid()}` ? json(200, { user_id: 'me' }) : json(401, { code: 'token-invalid', detail: 'No.' }))(response, one);

  function staff(options: { tokens?: SessionTokens; kept?: (SessionTokens | undefined)[] } = {}) {
    return createClient({ url: server.url, auth: staffSession({ tokens: options.tokens, onTokens: (changed) => void options.kept?.push(changed) }), retry: { delay: 1 } });
  }

  it('refresh once for all calls that find their token refused', async () => {
    let valid = 'access-2';
    let refreshes = 0;
    server.replies = [(response, one) => {
      if (one.call !== 'POST /v1/auth/refresh') return guard(() => valid)(response, one);
      refreshes += 1;
      valid = `access-${refreshes + 1}`;
      setTimeout(() => json(200, tokens(String(refreshes + 1)))(response, one), 20);
    }];
    const kept: (SessionTokens | undefined)[] = [];
    const client = staff({ kept, tokens: { accessToken: 'access-1', refreshToken: 'refresh-1', expiresAt: Date.now() + 600_000 } });
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.request('GET /v1/admin/users/me')));
    expect([answers.length, refreshes, kept.length, kept[0]?.refreshToken]).toEqual([20, 1, 1, 'refresh-2']);
  });

  it('refresh before the token ends, and ask once more where the answer was lost', async () => {
    server.replies = [broken, json(200, tokens('2')), guard(() => 'access-2')];
    const client = staff({ tokens: { accessToken: 'access-1', refreshToken: 'refresh-1', expiresAt: Date.now() + 5_000 } });
    expect(await client.request('GET /v1/admin/users/me')).toEqual({ user_id: 'me' });
    expect(server.seen.map(({ call, body }) => [call, body])).toEqual([['POST /v1/auth/refresh', '{"refresh_token":"refresh-1"}'], ['POST /v1/auth/refresh', '{"refresh_token":"refresh-1"}'], ['GET /v1/admin/users/me', '']]);
  });

  it('end when the refresh token is refused: every waiting call is told, and what was kept is dropped', async () => {
    server.replies = [json(401, { code: 'refresh-token-invalid', detail: 'No.' })];
    const kept: (SessionTokens | undefined)[] = [];
    const client = staff({ kept, tokens: { accessToken: 'access-1', refreshToken: 'refresh-1', expiresAt: 0 } });
    const errors = await Promise.all([1, 2, 3].map(() => failureOf(client.request('GET /v1/admin/users/me'))));
    expect(errors.map(({ code }) => code)).toEqual(Array(3).fill('refresh-token-invalid'));
    expect([kept, client.auth.tokens, server.seen.length]).toEqual([[undefined], undefined, 1]);
  });

  it('begin by a login, whose next step comes first, know their device, and end by a logout', async () => {
    server.replies = [json(200, { next_step: { methods: ['new-password'], step_token: 's', expires_at: 1 } }), json(200, { ...tokens('1'), user_id: 'me' }, { 'x-device-token': 'device' }), json(204, undefined), json(200, { ...tokens('2'), user: {} })];
    const client = staff();
    const login = await client.auth.login({ email: 'a@example.com', password: 'old' });
    expect(['next_step' in login, client.auth.tokens]).toEqual([true, undefined]);
    await client.auth.completeLogin({ step_token: 's', password: 'new' });
    expect(client.auth.tokens).toMatchObject({ accessToken: 'access-1', refreshToken: 'refresh-1', deviceToken: 'device' });
    await client.auth.logout();
    expect([client.auth.tokens, server.seen[2]!.call, server.seen[2]!.body]).toEqual([undefined, 'POST /v1/auth/logout', '{"refresh_token":"refresh-1"}']);
    await client.auth.login({ email: 'a@example.com', password: 'new' });
    expect(server.seen[3]!.headers['x-device-token']).toBe('device');
  });

  it('of a project are those of its users, and go by what the token says of its own time', async () => {
    const access = token(600, 'user');
    server.replies = [json(200, { id: '1', access_token: access, expires_at: 5, type: 'Bearer', refresh: 'r', auth_type: 'user' }), ok];
    const client = createClient({ url: server.url, project: 'demo', auth: userSession() });
    await client.auth.login({ username: 'ada', password: 'p' });
    await client.request('GET /v1/auth/me');
    expect(server.seen.map(({ call }) => call)).toEqual(['POST /demo/users/login', 'GET /v1/auth/me']);
    expect(server.seen[1]!.headers.authorization).toBe(`Bearer ${access}`);
  });
});

describe('tokens', () => {
  it('of client credentials are fetched once, kept, and fetched anew when they are refused', async () => {
    let issued = 0;
    let valid = 1;
    server.replies = [(response, one) => {
      if (one.call === 'POST /oauth2/token') return json(200, { access_token: `token-${(issued += 1)}`, token_type: 'Bearer', expires_in: 3_600, scope: 'events' })(response, one);
      (one.headers.authorization === `Bearer token-${valid}` ? json(200, { data: { users: [] }, cursor: null }) : json(401, { error: { code: 'token-invalid', message: 'No.', details: [] } }))(response, one);
    }];
    const client = createClient({ url: server.url, auth: clientCredentials({ clientId: 'id', clientSecret: 'secret' }) });
    await Promise.all([1, 2, 3].map(() => client.request('GET /users')));
    expect(issued).toBe(1);
    valid = 2;
    await Promise.all([1, 2, 3].map(() => client.request('GET /users')));
    expect(issued).toBe(2);
    expect(JSON.parse(server.seen[0]!.body)).toEqual({ grant_type: 'client_credentials', client_id: 'id', client_secret: 'secret' });
  });

  it('of client credentials that are refused say so in the codes of everything else', async () => {
    server.replies = [json(401, { error: 'invalid_client', error_description: 'No.' })];
    expect(await failureOf(createClient({ url: server.url, auth: clientCredentials({ clientId: 'id', clientSecret: 'no' }) }).request('GET /users'))).toMatchObject({ code: 'invalid-client', endpoint: 'POST /oauth2/token', message: 'No.' });
  });

  it('of end users are asked for again before they end', async () => {
    server.replies = [ok];
    let asked = 0;
    const long = createClient({ url: server.url, auth: endUserToken(() => token(600, String((asked += 1)))) });
    await long.request('GET /users/me');
    await long.request('GET /users/me');
    expect([asked, server.seen[1]!.headers.authorization]).toEqual([1, server.seen[0]!.headers.authorization]);
    const short = createClient({ url: server.url, auth: endUserToken(() => token(10, String((asked += 1)))) });
    await short.request('GET /users/me');
    await short.request('GET /users/me');
    expect(asked).toBe(3);
  });
});
