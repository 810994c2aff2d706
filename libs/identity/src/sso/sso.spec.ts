import { randomBytes, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { identity, membership, staffRealmId, systemActor } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { TestOpenIdProvider } from '#libs/platform/testing';
import { claimsOf, failureOf, IdentityApp } from '../spec-support/identity-app.js';
import { Sweep } from '../upkeep/sweep.js';

/** Answers for membership, by the contract. The end-to-end specs have the real one. */
@Injectable()
class MembershipStandIn {
  readonly asked: HandlerArguments<typeof membership.admitBySso>[0][] = [];
  /** Before it lets somebody in. */
  meanwhile: () => Promise<unknown> = async () => undefined;

  @Handles(membership.admitBySso)
  async admit(...[request]: HandlerArguments<typeof membership.admitBySso>) {
    this.asked.push(request);
    await this.meanwhile();
    if (request.userId === null) throw membership.membershipErrors.failure('sso-not-invited', 'Nobody has invited this address.');
    return { userId: request.userId };
  }
}

const callbackUrl = 'http://127.0.0.1:3999/v1/auth/sso/acme/callback';
const page = 'http://localhost:3998/signed-in';
const password = 'correct horse battery';

describe('single sign-on', () => {
  let app: IdentityApp;
  let provider: TestOpenIdProvider;
  let another: TestOpenIdProvider;
  let asked: MembershipStandIn['asked'];

  beforeAll(async () => {
    [provider, another] = await Promise.all([TestOpenIdProvider.start({ redirectUris: [callbackUrl] }), TestOpenIdProvider.start({ redirectUris: [callbackUrl] })]);
    app = await IdentityApp.start({ providers: [MembershipStandIn], environment: { SSO_INSIDE_ISSUERS: `${provider.issuer},${another.issuer}` } });
    asked = app.app.get(MembershipStandIn).asked;
  });
  afterAll(() => Promise.all([provider.stop(), another.stop()]));
  beforeEach(() => {
    asked.length = 0;
  });

  const connection = (organisationId: string, more = {}) => ({
    ...{ organisationId, issuer: provider.issuer, clientId: provider.clientId, clientSecret: provider.clientSecret, emailDomains: ['acme.example'], autoJoin: false, trustsEmail: false },
    ...{ returnUrls: [page], mayAddDomains: true, actor: systemActor, ...more },
  });
  const put = (organisationId: string, more = {}) => app.call(identity.putSsoConnection, connection(organisationId, more));
  const setUp = async (more = {}) => {
    const organisationId = randomUUID();
    await put(organisationId, more);
    return organisationId;
  };
  const begin = async (organisationId: string, returnTo: string | null = null) => {
    const browserSecret = randomBytes(32).toString('base64url');
    return { browserSecret, ...(await app.call(identity.beginSso, { organisationId, callbackUrl, returnTo, browserSecret })) };
  };
  const complete = (organisationId: string, calledUrl: string, browserSecret: string | null) => app.call(identity.completeSso, { organisationId, calledUrl, browserSecret, address: '192.0.2.1', userAgent: 'spec' });
  /** All of a login. */
  const logIn = async (organisationId: string, subject: string | null, returnTo: string | null = null) => {
    const { authorizationUrl, browserSecret } = await begin(organisationId, returnTo);
    return complete(organisationId, await provider.logIn(authorizationUrl, subject), browserSecret);
  };
  let people = 0;
  /** Somebody at the provider, who is a staff member that can log in. */
  const person = async (more = {}) => {
    people += 1;
    const email = `person${people}@acme.example`;
    const subject = `subject-${people}`;
    provider.accounts.set(subject, { email, email_verified: true, name: 'Some Person', ...more });
    const userId = app.contact(email);
    await app.call(identity.setPassword, { realmId: staffRealmId, userId, password, keepSessionId: null, actor: systemActor });
    return { email, subject, userId };
  };

  it('gives a person whom the provider vouches for a session, whatever the case of their address', async () => {
    const organisationId = await setUp();
    const { email, subject, userId } = await person();
    provider.accounts.set(subject, { email: email.toUpperCase(), email_verified: true, name: 'Some Person' });
    const answer = await logIn(organisationId, subject);
    if (answer.kind !== 'tokens') throw new Error('expected tokens');
    expect(answer.tokens.userId).toBe(userId);
    expect(claimsOf(answer.tokens.accessToken)).toMatchObject({ sub: userId, realm: staffRealmId });
    expect(await app.sessionIsActive(answer.tokens)).toBe(true);
    expect(asked).toEqual([{ organisationId, userId, newUserId: expect.any(String), email: email.toUpperCase(), name: 'Some Person', autoJoin: false }]);
  });

  it('knows a person again by their subject when their address has changed', async () => {
    const organisationId = await setUp();
    const { subject, userId } = await person();
    await logIn(organisationId, subject);
    provider.accounts.set(subject, { email: 'renamed@acme.example', email_verified: true });
    expect(await logIn(organisationId, subject)).toMatchObject({ kind: 'tokens', tokens: { userId } });
  });

  it('tells membership of a person whom nobody knows, and lets them in only if it does', async () => {
    const organisationId = await setUp({ autoJoin: true });
    provider.accounts.set('stranger', { email: 'stranger@acme.example', email_verified: true });
    expect(await failureOf(logIn(organisationId, 'stranger'))).toMatchObject({ kind: 'forbidden', code: 'sso-not-invited' });
    expect(asked).toMatchObject([{ userId: null, email: 'stranger@acme.example', name: null, autoJoin: true }]);
  });

  it.each([
    ['unverified', { email_verified: false }, {}, 'sso-email-unverified'],
    ['not said to be verified', { email_verified: undefined }, {}, 'sso-email-unverified'],
    ['missing', { email: undefined }, {}, 'sso-email-unverified'],
    ['of another domain', { email: 'person@other.example' }, {}, 'sso-domain-forbidden'],
    ['of a domain that only ends alike', { email: 'person@evil-acme.example' }, {}, 'sso-domain-forbidden'],
    ['of a domain hidden in front of another', { email: 'person@acme.example@other.example' }, { trustsEmail: true }, 'sso-domain-forbidden'],
  ])('refuses a person whose address is %s', async (_what, account, more, code) => {
    const organisationId = await setUp(more);
    const { subject } = await person(account);
    expect(await failureOf(logIn(organisationId, subject))).toMatchObject({ kind: 'forbidden', code });
    expect(asked).toEqual([]);
  });

  it('takes the provider’s word for an address where the connection trusts it', async () => {
    const organisationId = await setUp({ trustsEmail: true });
    const { subject, userId } = await person({ email_verified: undefined });
    expect(await logIn(organisationId, subject)).toMatchObject({ tokens: { userId } });
  });

  it('refuses a user who is closed', async () => {
    const organisationId = await setUp();
    const { subject, userId } = await person();
    await app.database.execute('UPDATE logins SET is_active = false WHERE user_id = $1', [userId]);
    expect(await failureOf(logIn(organisationId, subject))).toMatchObject({ kind: 'forbidden', code: 'user-inactive' });
  });

  it('says that the provider refused', async () => {
    const organisationId = await setUp();
    expect(await failureOf(logIn(organisationId, null))).toMatchObject({ kind: 'forbidden', code: 'sso-refused', message: expect.stringContaining('access_denied') });
  });

  it('is completed once, in the browser that began it, by its organisation, and in time', async () => {
    const organisationId = await setUp();
    const { subject, userId } = await person();
    const unknown = { kind: 'invalid', code: 'sso-attempt-unknown' };
    const { authorizationUrl, browserSecret } = await begin(organisationId);
    const called = await provider.logIn(authorizationUrl, subject);
    expect(await failureOf(complete(organisationId, called, null))).toMatchObject(unknown);
    expect(await failureOf(complete(organisationId, called, 'another browser'))).toMatchObject(unknown);
    expect(await failureOf(complete(await setUp(), called, browserSecret))).toMatchObject(unknown);
    expect(await failureOf(complete(organisationId, callbackUrl, browserSecret))).toMatchObject(unknown);
    const all = await Promise.allSettled(Array.from({ length: 10 }, () => complete(organisationId, called, browserSecret)));
    expect(all.filter(({ status }) => status === 'fulfilled')).toMatchObject([{ value: { tokens: { userId } } }]);

    const late = await begin(organisationId);
    await app.database.execute(`UPDATE sso_attempts SET expires_at = now() - interval '1 second'`);
    expect(await failureOf(complete(organisationId, await provider.logIn(late.authorizationUrl, subject), late.browserSecret))).toMatchObject(unknown);
    expect(await app.app.get(Sweep, { strict: false }).execute()).toMatchObject({ ssoLogins: expect.any(Number) });
    expect(await app.database.query('SELECT FROM sso_attempts WHERE expires_at <= now()')).toEqual([]);
  });

  it('does not take a code that was made for another attempt', async () => {
    const organisationId = await setUp();
    const { subject } = await person();
    const [victim, attacker] = [await begin(organisationId), await begin(organisationId)];
    const stolen = new URL(await provider.logIn(attacker.authorizationUrl, subject));
    stolen.searchParams.set('state', new URL(victim.authorizationUrl).searchParams.get('state') as string);
    expect(await failureOf(complete(organisationId, stolen.href, victim.browserSecret))).toMatchObject({ kind: 'invalid', code: 'sso-provider-refused' });
    expect(asked).toEqual([]);
  });

  it('returns to a page with a code, which is worth tokens once', async () => {
    const organisationId = await setUp();
    const { subject, userId } = await person();
    expect(await failureOf(begin(organisationId, 'https://evil.example/'))).toMatchObject({ code: 'sso-return-refused' });
    const answer = await logIn(organisationId, subject, page);
    if (answer.kind !== 'code') throw new Error('expected a code');
    expect(answer.returnTo).toBe(page);
    const redeem = () => app.call(identity.redeemSsoCode, { code: answer.code, address: null, userAgent: null });
    const all = await Promise.allSettled(Array.from({ length: 10 }, redeem));
    expect(all.filter(({ status }) => status === 'fulfilled')).toMatchObject([{ value: { userId } }]);
    expect(await failureOf(redeem())).toMatchObject({ kind: 'unauthenticated', code: 'sso-code-invalid' });
    const late = await logIn(organisationId, subject, page);
    await app.database.execute(`UPDATE sso_codes SET expires_at = now() - interval '1 second'`);
    expect(await failureOf(app.call(identity.redeemSsoCode, { code: late.kind === 'code' ? late.code : '', address: null, userAgent: null }))).toMatchObject({ code: 'sso-code-invalid' });
  });

  it('tells the page why somebody was not let in', async () => {
    const organisationId = await setUp();
    provider.accounts.set('unknown', { email: 'unknown@acme.example', email_verified: true });
    expect(await logIn(organisationId, 'unknown', page)).toEqual({ kind: 'refused', returnTo: page, error: 'sso-not-invited', message: expect.any(String) });
    expect(await logIn(organisationId, null, page)).toMatchObject({ kind: 'refused', error: 'sso-refused' });
    expect(app.log.records.filter((line) => line['organisationId'] === organisationId)).toMatchObject(['sso-not-invited', 'sso-refused'].map((code) => ({ code, msg: 'a login was refused', requestId: expect.any(String) })));
  });

  it.each([
    ['gives tokens', null],
    ['returns to a page', page],
  ])('that %s leaves nothing of somebody who is erased meanwhile', async (_what, returnTo) => {
    const organisationId = await setUp();
    const { subject, userId } = await person();
    const who = { realmId: staffRealmId, userIds: [userId] };
    const standIn = app.app.get(MembershipStandIn);
    standIn.meanwhile = async () => {
      await app.call(identity.hideLogins, who);
      await app.call(identity.eraseLogins, who);
    };
    const refused = returnTo === null ? (await failureOf(logIn(organisationId, subject))).code : await logIn(organisationId, subject, returnTo);
    standIn.meanwhile = async () => undefined;
    expect(refused).toEqual(returnTo === null ? 'user-inactive' : { kind: 'refused', returnTo, error: 'user-inactive', message: expect.any(String) });
    expect(Object.values((await app.call(identity.countLoginRemains, who)).remains).filter((count) => count > 0)).toEqual([]);
  });

  describe('being set up', () => {
    it('is shown without its secret, and keeps the secret where none is sent', async () => {
      const organisationId = await setUp();
      const shown = await app.call(identity.getSsoConnection, { organisationId });
      expect(shown).toMatchObject({ organisationId, issuer: provider.issuer, emailDomains: ['acme.example'], returnUrls: [page], version: 1 });
      expect(JSON.stringify(shown)).not.toContain(provider.clientSecret);
      expect(await put(organisationId, { clientSecret: null, autoJoin: true })).toMatchObject({ autoJoin: true, version: 2 });
      const { subject, userId } = await person();
      expect(await logIn(organisationId, subject)).toMatchObject({ tokens: { userId } });
      expect(await app.call(identity.testSsoConnection, { organisationId })).toMatchObject({ issuer: provider.issuer, tokenEndpoint: `${provider.issuer}/token` });
      const entries = await app.database.query<{ action: string; after: string[] }>('SELECT action, after_fields AS after FROM audit_entries WHERE organisation_id = $1 ORDER BY sequence', [organisationId]);
      expect(entries).toEqual([{ action: 'sso.set-up', after: ['issuer', 'client_id', 'client_secret', 'email_domains', 'auto_join', 'trust_email', 'return_urls'] }, { action: 'sso.changed', after: ['auto_join'] }]);
      const [row] = await app.database.query<{ text: string }>('SELECT c::text AS text FROM sso_connections c WHERE organisation_id = $1', [organisationId]);
      expect(row?.text).not.toContain(Buffer.from(provider.clientSecret).toString('hex'));
    });

    it('takes new domains only from whom the deployment trusts with them', async () => {
      const organisationId = await setUp();
      expect(await failureOf(put(organisationId, { mayAddDomains: false, emailDomains: ['acme.example', 'victim.example'] }))).toMatchObject({ kind: 'forbidden', code: 'sso-domain-forbidden', message: expect.stringContaining('victim.example') });
      expect(await put(organisationId, { mayAddDomains: false })).toMatchObject({ version: 2 });
    });

    it('takes another issuer, and trust in addresses that nobody verified, only from whom the deployment trusts: the domains were given to a provider', async () => {
      const organisationId = await setUp();
      const theirs = { issuer: another.issuer, clientSecret: another.clientSecret };
      for (const more of [theirs, { trustsEmail: true }, { issuer: `${provider.issuer}/` }]) {
        expect(await failureOf(put(organisationId, { ...more, mayAddDomains: false }))).toMatchObject({ kind: 'forbidden', code: 'sso-provider-forbidden' });
      }
      await put(organisationId, { trustsEmail: true });
      for (const more of [{ trustsEmail: true, autoJoin: true, clientId: 'another', returnUrls: [] }, {}]) await put(organisationId, { ...more, mayAddDomains: false });
      expect(await failureOf(put(organisationId, { trustsEmail: true, mayAddDomains: false }))).toMatchObject({ code: 'sso-provider-forbidden' });
      await app.call(identity.removeSsoConnection, { organisationId, actor: systemActor });
      expect(await failureOf(put(organisationId, { mayAddDomains: false }))).toMatchObject({ code: 'sso-domain-forbidden' });
    });

    it('forgets with another issuer who was who at the one before, and what was begun there', async () => {
      const organisationId = await setUp();
      const { subject } = await person();
      await logIn(organisationId, subject);
      const { authorizationUrl, browserSecret } = await begin(organisationId);
      const called = await provider.logIn(authorizationUrl, subject);
      await put(organisationId, { issuer: another.issuer, clientSecret: another.clientSecret });
      expect(await failureOf(complete(organisationId, called, browserSecret))).toMatchObject({ code: 'sso-attempt-unknown' });
      expect(await app.database.query('SELECT FROM sso_links WHERE organisation_id = $1', [organisationId])).toEqual([]);
    });

    it.each([
      ['nothing that is a provider', { issuer: 'http://127.0.0.1:9' }],
      ['an address inside that the operator did not allow', { issuer: 'https://127.0.0.1:1' }],
      ['no address', { issuer: 'acme' }],
    ])('refuses %s as issuer, and keeps what there was', async (_what, more) => {
      const organisationId = await setUp();
      expect(await failureOf(put(organisationId, more))).toMatchObject({ kind: 'invalid', code: 'sso-provider-refused' });
      expect(await app.call(identity.getSsoConnection, { organisationId })).toMatchObject({ issuer: provider.issuer, version: 1 });
    });

    it('does not show a secret to another issuer, and refuses pages that are not safe to return to', async () => {
      const organisationId = randomUUID();
      expect(await failureOf(put(organisationId, { clientSecret: null }))).toMatchObject({ code: 'sso-secret-missing' });
      expect(await failureOf(put(organisationId, { returnUrls: ['http://acme.example/'] }))).toMatchObject({ code: 'invalid-request' });
      expect(await failureOf(put(organisationId, { returnUrls: ['javascript:alert(1)'] }))).toMatchObject({ code: 'invalid-request' });
    });

    it('is gone with who was who there when it is removed', async () => {
      const organisationId = await setUp();
      const { subject } = await person();
      await logIn(organisationId, subject);
      await app.call(identity.removeSsoConnection, { organisationId, actor: systemActor });
      for (const call of [app.call(identity.getSsoConnection, { organisationId }), app.call(identity.removeSsoConnection, { organisationId, actor: systemActor }), begin(organisationId)]) expect(await failureOf(call)).toMatchObject({ kind: 'not-found', code: 'sso-not-set-up' });
      expect(await app.database.query('SELECT FROM sso_links WHERE organisation_id = $1', [organisationId])).toEqual([]);
    });
  });
});
