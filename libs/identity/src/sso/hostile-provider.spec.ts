import { createHmac, randomBytes, randomUUID, sign, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Injectable } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { identity, membership, staffRealmId, systemActor } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { testKeyPair } from '#libs/platform/testing';
import { failureOf, IdentityApp } from '../spec-support/identity-app.js';

/** Lets in whom identity knows. The end-to-end specs have the real one. */
@Injectable()
class MembershipStandIn {
  @Handles(membership.admitBySso)
  async admit(...[request]: HandlerArguments<typeof membership.admitBySso>) {
    if (request.userId === null) throw membership.membershipErrors.failure('sso-not-invited', 'Nobody has invited this address.');
    return { userId: request.userId };
  }
}

type Claims = Record<string, unknown>;
const json = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const callbackUrl = 'http://127.0.0.1:3999/v1/auth/sso/acme/callback';

/** Says what it is told to say. What is not told is as it has to be. */
class HostileProvider {
  issuer = '';
  readonly keys = testKeyPair('rsa', { modulusLength: 2048 });
  readonly others = testKeyPair('rsa', { modulusLength: 2048 });
  claims: Claims = {};
  userinfo: Claims | undefined;
  metadata: Claims = {};
  token = (claims: Claims) => this.signed({ alg: 'RS256', kid: 'one' }, claims, this.keys.privateKey);
  answers: Partial<Record<string, (response: ServerResponse, request: IncomingMessage) => void>> = {};
  readonly asked: string[] = [];
  private readonly server: Server = createServer((request, response) => this.answer(request, response));

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.issuer = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  signed(header: Claims, claims: Claims | string, key: KeyObject | null): string {
    const input = `${json(header)}.${typeof claims === 'string' ? Buffer.from(claims).toString('base64url') : json(claims)}`;
    return `${input}.${key === null ? '' : sign('sha256', Buffer.from(input), key).toString('base64url')}`;
  }

  jwk(more: Claims = {}): Claims {
    return { ...this.keys.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', ...more };
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = new URL(request.url ?? '/', this.issuer).pathname;
    this.asked.push(path);
    const own = this.answers[path];
    if (own !== undefined) return own(response, request);
    const { issuer } = this;
    const [authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint] = ['authorize', 'token', 'jwks', 'userinfo'].map((name) => `${issuer}/${name}`);
    const bodies: Record<string, () => unknown> = {
      '/.well-known/openid-configuration': () => ({ issuer, authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint, response_types_supported: ['code'], ...this.metadata }),
      '/jwks': () => ({ keys: [this.jwk()] }),
      '/token': () => ({ access_token: 'a', token_type: 'Bearer', id_token: this.token(this.claims) }),
      '/userinfo': () => this.userinfo ?? { sub: this.claims['sub'] },
    };
    response.writeHead(bodies[path] === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(bodies[path]?.() ?? {}));
  }
}

describe('a provider that means harm', () => {
  let app: IdentityApp;
  let provider: HostileProvider;
  let inside: HostileProvider;
  let victim: string;

  beforeAll(async () => {
    [provider, inside] = [await new HostileProvider().start(), await new HostileProvider().start()];
    app = await IdentityApp.start({ providers: [MembershipStandIn], environment: { SSO_INSIDE_ISSUERS: provider.issuer } });
    victim = app.contact('boss@acme.example');
    await app.call(identity.setPassword, { realmId: staffRealmId, userId: victim, password: 'correct horse battery', keepSessionId: null, actor: systemActor });
  });
  afterAll(() => Promise.all([provider.stop(), inside.stop()]));
  afterEach(() => {
    Object.assign(provider, { userinfo: undefined, metadata: {}, answers: {}, token: (claims: Claims) => provider.signed({ alg: 'RS256', kid: 'one' }, claims, provider.keys.privateKey) });
    inside.asked.length = 0;
  });

  const put = (organisationId: string, more = {}) =>
    app.call(identity.putSsoConnection, { organisationId, issuer: provider.issuer, clientId: 'rollcall', clientSecret: 'secret of the client', emailDomains: ['acme.example'], autoJoin: false, trustsEmail: false, returnUrls: [], mayAddDomains: true, actor: systemActor, ...more });
  const begin = async (organisationId: string) => {
    const browserSecret = randomBytes(32).toString('base64url');
    const { authorizationUrl } = await app.call(identity.beginSso, { organisationId, callbackUrl, returnTo: null, browserSecret });
    const { searchParams } = new URL(authorizationUrl);
    return { browserSecret, state: searchParams.get('state') as string, nonce: searchParams.get('nonce') as string };
  };
  /** A login of which the provider says `more`. */
  const logIn = async (more: Claims = {}, organisationId = randomUUID(), query: Record<string, string> = {}) => {
    await put(organisationId).catch(() => undefined);
    const { browserSecret, state, nonce } = await begin(organisationId);
    const now = Math.floor(Date.now() / 1_000);
    provider.claims = { iss: provider.issuer, aud: 'rollcall', sub: 'sub', nonce, iat: now, exp: now + 60, email: 'boss@acme.example', email_verified: true, ...more };
    const calledUrl = `${callbackUrl}?${new URLSearchParams({ code: 'code', state, ...query }).toString()}`;
    return app.call(identity.completeSso, { organisationId, calledUrl, browserSecret, address: null, userAgent: null });
  };
  const outcome = async (login: Promise<unknown>) => login.then(() => 'in', (error: { value?: { code: string } }) => error.value?.code ?? String(error));

  it('lets somebody in as long as it means none', async () => {
    expect(await logIn()).toMatchObject({ kind: 'tokens', tokens: { userId: victim } });
  });

  it.each<[string, Claims, string]>([
    ['another issuer', { iss: 'https://accounts.google.com' }, 'sso-provider-refused'],
    ['another client', { aud: 'another' }, 'sso-provider-refused'],
    ['several clients, of which another was meant', { aud: ['another', 'rollcall'], azp: 'another' }, 'sso-provider-refused'],
    ['the nonce of another login', { nonce: 'another' }, 'sso-provider-refused'],
    ['no nonce', { nonce: undefined }, 'sso-provider-refused'],
    ['a time that is over', { exp: 1 }, 'sso-provider-refused'],
    ['no subject', { sub: undefined }, 'sso-provider-refused'],
    ['a subject that is no text', { sub: { a: 1 } }, 'sso-provider-refused'],
    ['no verified address', { email_verified: undefined }, 'sso-email-unverified'],
    ['an address that is not verified', { email_verified: false }, 'sso-email-unverified'],
    ['an address verified in a text', { email_verified: 'true' }, 'sso-email-unverified'],
    ['several addresses', { email: ['boss@acme.example', 'x@y.example'] }, 'sso-email-unverified'],
    ['another domain', { email: 'boss@acme.example.evil.example' }, 'sso-domain-forbidden'],
    ['two domains', { email: 'boss@acme.example@evil.example' }, 'sso-domain-forbidden'],
    ['a space behind it', { email: 'boss@acme.example ' }, 'sso-email-unverified'],
    ['a line in it', { email: 'boss\n@acme.example' }, 'sso-domain-forbidden'],
    ['a byte of zero', { email: 'boss\0@acme.example' }, 'sso-domain-forbidden'],
    ['an address without end', { email: `${'x'.repeat(400)}@acme.example` }, 'sso-domain-forbidden'],
    ['a wide letter in the domain', { email: 'boss@ａcme.example' }, 'sso-email-unverified'],
    ['a wide letter in the name', { email: 'ｂoss@acme.example' }, 'sso-email-unverified'],
  ])('does not come through with %s', async (_what, claims, code) => {
    expect(await outcome(logIn(claims))).toBe(code);
  });

  const pem = () => provider.keys.publicKey.export({ format: 'pem', type: 'spki' });
  const hmac = (header: Claims, claims: Claims, key: string | Buffer) => `${json(header)}.${json(claims)}.${createHmac('sha256', key).update(`${json(header)}.${json(claims)}`).digest('base64url')}`;
  it.each<[string, (claims: Claims) => string]>([
    ['without a signature', (claims) => provider.signed({ alg: 'none' }, claims, null)],
    ['with an empty one', (claims) => provider.signed({ alg: 'RS256', kid: 'one' }, claims, null)],
    ['signed with the public key', (claims) => hmac({ alg: 'HS256', kid: 'one' }, claims, pem())],
    ['signed with the secret of the client', (claims) => hmac({ alg: 'HS256' }, claims, 'secret of the client')],
    ['signed with a key in its header', (claims) => provider.signed({ alg: 'RS256', kid: 'x', jwk: provider.others.publicKey.export({ format: 'jwk' }) }, claims, provider.others.privateKey)],
    ['signed with a key elsewhere', (claims) => provider.signed({ alg: 'RS256', kid: 'one', jku: `${inside.issuer}/jwks` }, claims, provider.others.privateKey)],
    ['with a key id that is a path', (claims) => provider.signed({ alg: 'RS256', kid: '../../../dev/null' }, claims, provider.others.privateKey)],
    ['that has to be understood and is not', (claims) => provider.signed({ alg: 'RS256', kid: 'one', crit: ['b64'], b64: false }, claims, provider.keys.privateKey)],
    ['that is no object', () => provider.signed({ alg: 'RS256', kid: 'one' }, 'null', provider.keys.privateKey)],
  ])('does not come through with a token %s', async (_what, token) => {
    provider.token = token;
    expect(await outcome(logIn())).toBe('sso-provider-refused');
    expect(inside.asked).toEqual([]);
  });

  it('is not mistaken for another one: the callback says whose it is', async () => {
    provider.metadata = { authorization_response_iss_parameter_supported: true };
    expect(await outcome(logIn({}, randomUUID(), { iss: 'https://accounts.google.com' }))).toBe('sso-provider-refused');
    expect(await outcome(logIn())).toBe('sso-provider-refused');
  });

  it('tells the address of the subject that logged in, or none', async () => {
    provider.userinfo = { sub: 'another', email: 'boss@acme.example', email_verified: true };
    expect(await outcome(logIn({ email: undefined }))).toBe('sso-provider-refused');
    provider.userinfo = { sub: 'sub', email: 'boss@acme.example', email_verified: 'yes' };
    expect(await outcome(logIn({ email: undefined, email_verified: undefined }))).toBe('sso-email-unverified');
  });

  const endless = (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const more = () => response.write(Buffer.alloc(65_536, ' ')) && !response.destroyed && setImmediate(more);
    response.on('drain', more).on('error', () => undefined);
    more();
  };
  it.each(['/jwks', '/token', '/userinfo'])('holds nobody up by what it says at %s without end, and leads nowhere else', async (path) => {
    const organisationId = randomUUID();
    await put(organisationId);
    provider.answers = { [path]: endless };
    expect(await outcome(logIn({ email: undefined }, organisationId))).toBe('sso-provider-refused');
    provider.answers = { [path]: (response) => response.writeHead(302, { location: `${inside.issuer}${path}` }).end() };
    expect(await outcome(logIn({ email: undefined }, organisationId))).toBe('sso-provider-refused');
    expect(inside.asked).toEqual([]);
  });

  it('is not described by another address', async () => {
    provider.answers = { '/.well-known/openid-configuration': (response) => response.writeHead(302, { location: `${inside.issuer}/.well-known/openid-configuration` }).end() };
    expect(await failureOf(put(randomUUID()))).toMatchObject({ code: 'sso-provider-refused' });
    provider.answers = {};
    provider.metadata = { issuer: 'https://accounts.google.com' };
    expect(await failureOf(put(randomUUID()))).toMatchObject({ code: 'sso-provider-refused' });
    expect(inside.asked).toEqual([]);
  });
});
