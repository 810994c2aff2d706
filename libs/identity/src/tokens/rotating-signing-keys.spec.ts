import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { identity, systemActor } from '#libs/contracts';
import { IdentityApp } from '../spec-support/identity-app.js';
import { RotateSigningKeys } from './rotate-signing-keys.js';
import { SigningKeys } from './signing-keys.js';

describe('rotating signing keys', () => {
  let app: IdentityApp;
  const password = 'correct horse battery';

  beforeAll(async () => {
    app = await IdentityApp.start();
    await app.user('ada@example.com', password);
  });

  const kidOf = (token: string) => decodeProtectedHeader(token).kid;
  const logIn = async (on = app) => (await on.logIn('ada@example.com', password, { realmId: app.realmId })).accessToken;
  const states = async (on = app) => Object.fromEntries((await on.call(identity.describeSigningKeys, {})).keys.map(({ kid, state }) => [kid, state]));
  const rotate = (immediately = false, on = app) => on.call(identity.rotateSigningKey, { immediately, actor: systemActor });
  const verifies = async (token: string, on = app) => {
    const { issuer, keys } = await on.call(identity.listSigningKeys, {});
    return jwtVerify(token, createLocalJWKSet({ keys }), { issuer, audience: 'rollcall', typ: 'at+jwt' }).then(
      () => true,
      () => false,
    );
  };
  const reload = (on = app) => on.app.get(SigningKeys, { strict: false }).reload();
  const whenDue = (on = app) => on.app.get(RotateSigningKeys, { strict: false }).whenDue();
  /** As if so much time had passed. */
  const pass = async (span: string, on = app) => {
    await on.database.execute('UPDATE signing_keys SET active_from = active_from - $1::interval, created_at = created_at - $1::interval', [span]);
    await reload(on);
  };

  it('publishes a new key before it signs, on every replica; old tokens verify until the last has expired', async () => {
    const replica = await IdentityApp.start({ databaseUrl: app.databaseUrl });
    const before = await logIn();
    const old = kidOf(before)!;
    const { kid, state, algorithm } = await rotate();
    expect([state, algorithm]).toEqual(['next', 'EdDSA']);
    await reload(replica);
    for (const one of [app, replica]) {
      expect(await states(one)).toEqual({ [old]: 'signing', [kid]: 'next' });
      expect((await one.call(identity.listSigningKeys, {})).keys.map((key) => key.kid)).toEqual([kid, old]);
      expect(kidOf(await logIn(one))).toBe(old);
    }
    await pass('14 minutes 58 seconds');
    expect(kidOf(await logIn())).toBe(old);
    await pass('3 seconds');
    const after = await logIn();
    expect(kidOf(after)).toBe(kid);
    expect(await states()).toEqual({ [kid]: 'signing', [old]: 'retired' });
    expect([await verifies(before), await verifies(after)]).toEqual([true, true]);
    // The longest-lived tokens are those of clients: an hour.
    await pass('1 hour 50 seconds');
    await whenDue();
    expect(await states()).toEqual({ [kid]: 'signing', [old]: 'retired' });
    await pass('15 seconds');
    await whenDue();
    expect(await states()).toEqual({ [kid]: 'signing' });
    expect(await verifies(before)).toBe(false);
  });

  it('happens at once where it must; and a stolen key is taken away with what it signed', async () => {
    const before = await logIn();
    const old = kidOf(before)!;
    expect(await app.failure(identity.removeSigningKey, { kid: old, actor: systemActor })).toMatchObject({ kind: 'conflict', code: 'signing-key-in-use' });
    const polled = (await app.call(identity.pollRevocations, { since: null })).keys;
    const { kid } = await rotate(true);
    expect(kidOf(await logIn())).toBe(kid);
    expect(await verifies(before)).toBe(true);
    await app.call(identity.removeSigningKey, { kid: old, actor: systemActor });
    expect(await verifies(before)).toBe(false);
    expect((await app.call(identity.pollRevocations, { since: null })).keys).not.toBe(polled);
    for (const unknown of [old, randomUUID()]) expect(await app.failure(identity.removeSigningKey, { kid: unknown, actor: systemActor })).toMatchObject({ code: 'signing-key-not-found' });
  });

  it('happens by itself when the key is old, once, however many replicas look', async () => {
    const young = await states();
    await whenDue();
    expect(await states()).toEqual(young);
    await pass('90 days 1 second');
    const replica = await IdentityApp.start({ databaseUrl: app.databaseUrl });
    await Promise.all([whenDue(), whenDue(replica), whenDue(), whenDue(replica)]);
    await reload();
    expect(Object.values(await states()).sort()).toEqual(['next', 'signing']);
  });

  it('goes over to another algorithm when the configuration names one, without a token being refused', async () => {
    const old = await IdentityApp.start();
    await old.user('ada@example.com', password);
    const before = (await old.logIn('ada@example.com', password)).accessToken;
    const es256 = await IdentityApp.start({ databaseUrl: old.databaseUrl, environment: { SIGNING_ALGORITHM: 'ES256' } });
    await whenDue(es256);
    expect((await es256.call(identity.describeSigningKeys, {})).keys.map(({ algorithm, state }) => [algorithm, state])).toEqual([['ES256', 'next'], ['EdDSA', 'signing']]);
    await pass('16 minutes', es256);
    const after = (await es256.logIn('ada@example.com', password, { realmId: old.realmId })).accessToken;
    expect(decodeProtectedHeader(after)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
    expect([await verifies(before, es256), await verifies(after, es256)]).toEqual([true, true]);
    const { keys } = await es256.call(identity.listSigningKeys, {});
    expect(keys[0]).toEqual({ kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String), kid: expect.any(String), alg: 'ES256', use: 'sig' });
  });
});
