import { randomUUID, type KeyObject } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { identity, systemActor } from '#libs/contracts';
import type { RequestInput } from '#libs/platform/messages';
import { testKeyPair } from '#libs/platform/testing';
import { IdentityApp } from '../spec-support/identity-app.js';

type PutRequest = RequestInput<typeof identity.putSdkKey>;

const rsa = (modulusLength: number, publicExponent = 65_537) => testKeyPair('rsa', { modulusLength, publicExponent });
const ec = (namedCurve: string) => testKeyPair('ec', { namedCurve });
const ed25519 = testKeyPair('ed25519');
const p256 = ec('P-256');
const rsa2048 = rsa(2_048);
const pem = (key: KeyObject) => key.export({ format: 'pem', type: key.type === 'private' ? 'pkcs8' : 'spki' }) as string;
const jwk = (key: KeyObject) => key.export({ format: 'jwk' }) as Record<string, unknown>;

describe('SDK keys', () => {
  let app: IdentityApp;

  beforeAll(async () => {
    app = await IdentityApp.start();
  });

  const request = (changes: Partial<PutRequest> = {}): PutRequest => ({
    projectId: randomUUID(),
    newSdkKeyId: randomUUID(),
    name: 'mobile',
    publicKey: pem(ed25519.publicKey),
    algorithm: 'EdDSA',
    claims: { city: 'city', ph: 'phone' },
    actor: systemActor,
    ...changes,
  });
  const put = (changes: Partial<PutRequest> = {}) => app.call(identity.putSdkKey, request(changes));
  const refusal = (changes: Partial<PutRequest>) => app.failure(identity.putSdkKey, request(changes));

  it.each<[what: string, publicKey: PutRequest['publicKey'], algorithm: identity.SdkKeyAlgorithm, stored: object]>([
    ['an RSA key as PEM', pem(rsa2048.publicKey), 'RS256', jwk(rsa2048.publicKey)],
    ['an RSA key as PKCS #1', rsa2048.publicKey.export({ format: 'pem', type: 'pkcs1' }) as string, 'RS256', jwk(rsa2048.publicKey)],
    ['a P-256 key as JWK', jwk(p256.publicKey), 'ES256', jwk(p256.publicKey)],
    ['an Ed25519 key as JWK with all that others add', { ...jwk(ed25519.publicKey), alg: 'EdDSA', use: 'sig', kid: 'k', key_ops: ['verify'] }, 'EdDSA', jwk(ed25519.publicKey)],
  ])('take %s, and keep the public key and nothing else', async (_what, publicKey, algorithm, stored) => {
    expect((await put({ publicKey, algorithm })).publicJwk).toEqual(stored);
  });

  it.each<[what: string, publicKey: PutRequest['publicKey'], algorithm: identity.SdkKeyAlgorithm, message: RegExp]>([
    ['a private key as PEM', pem(ed25519.privateKey), 'EdDSA', /is a private key/],
    ['a private key after a public one', pem(ed25519.publicKey) + pem(ed25519.privateKey), 'EdDSA', /is a private key/],
    ['a private key of the older form', rsa2048.privateKey.export({ format: 'pem', type: 'pkcs1' }) as string, 'RS256', /is a private key/],
    ['a private key as JWK', jwk(p256.privateKey), 'ES256', /is a private key/],
    ['a private JWK as text', JSON.stringify(jwk(p256.privateKey)), 'ES256', /is a private key/],
    ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0' }, 'RS256', /is a private key/],
    ['an RSA key of 1,024 bits', pem(rsa(1_024).publicKey), 'RS256', /at least 2048 bits/],
    ['an Ed25519 key for RS256', pem(ed25519.publicKey), 'RS256', /must be an RSA key/],
    ['an RSA key for EdDSA', pem(rsa2048.publicKey), 'EdDSA', /must be an Ed25519 key/],
    ['a P-384 key for ES256', pem(ec('P-384').publicKey), 'ES256', /curve P-256/],
    ['an Ed448 key', pem(testKeyPair('ed448').publicKey), 'EdDSA', /must be an Ed25519 key/],
    ['an RSA-PSS key', pem(testKeyPair('rsa-pss', { modulusLength: 2_048 }).publicKey), 'RS256', /must be an RSA key/],
    ['an exponent with which everybody can sign', { ...jwk(rsa2048.publicKey), e: 'AQ' }, 'RS256', /exponent/],
    ['a JWK for another algorithm', { ...jwk(rsa2048.publicKey), alg: 'PS256' }, 'RS256', /alg/],
    ['a JWK for encryption', { ...jwk(rsa2048.publicKey), use: 'enc' }, 'RS256', /use/],
    ['two keys', pem(ed25519.publicKey) + pem(p256.publicKey), 'EdDSA', /one public key/],
    ['a point that is not on the curve', { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' }, 'ES256', /JWK/],
    ['a damaged PEM', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n', 'EdDSA', /PEM/],
    ['anything else', 'a key', 'EdDSA', /PEM/],
  ])('refuse %s', async (_what, publicKey, algorithm, message) => {
    const failure = await refusal({ publicKey, algorithm });
    expect(failure).toMatchObject({ kind: 'invalid', code: 'sdk-key-refused', message: expect.stringMatching(message), details: [{ path: 'publicKey' }] });
  });

  it('are not kept, nor logged, nor told when they are private', async () => {
    const projectId = randomUUID();
    const privateKey = testKeyPair('ed25519').privateKey;
    const secret = jwk(privateKey)['d'] as string;
    const failures = [await refusal({ projectId, publicKey: jwk(privateKey) }), await refusal({ projectId, publicKey: pem(privateKey) })];
    expect((await app.call(identity.listSdkKeys, { projectId, limit: 10 })).sdkKeys).toEqual([]);
    for (const text of [JSON.stringify(failures), app.log.text]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(pem(privateKey).split('\n')[1]);
    }
  });

  it('are replaced under their name, and keep their id', async () => {
    const projectId = randomUUID();
    const first = await put({ projectId });
    const second = await put({ projectId, publicKey: jwk(p256.publicKey), algorithm: 'ES256', claims: {} });
    expect(second).toEqual({ ...first, algorithm: 'ES256', publicJwk: jwk(p256.publicKey), claims: {}, version: 2, modifiedAt: expect.any(String) });
    expect((await app.call(identity.listSdkKeys, { projectId, limit: 10 })).sdkKeys).toEqual([second]);
    const events = await app.database.query(`SELECT data FROM outbox WHERE type = 'identity.sdk-key.changed' AND data->>'projectId' = $1 ORDER BY (data->>'version')::int`, [projectId]);
    expect(events).toEqual([1, 2].map((version) => ({ data: { projectId, sdkKeyId: first.sdkKeyId, version } })));
  });

  it('are one, when two register the same name at once', async () => {
    const projectId = randomUUID();
    const keys = await Promise.all(Array.from({ length: 8 }, () => put({ projectId })));
    expect(new Set(keys.map(({ sdkKeyId }) => sdkKeyId)).size).toBe(1);
    expect(keys.map(({ version }) => version).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('are found by id everywhere, by name in their project only', async () => {
    const key = await put();
    const { sdkKeyId, projectId, name } = key;
    expect(await app.call(identity.findSdkKey, { sdkKeyId })).toEqual(key);
    expect(await app.call(identity.findSdkKey, { projectId, name })).toEqual(key);
    expect(await app.call(identity.getSdkKey, { projectId, sdkKeyId })).toEqual(key);
    const absent = { kind: 'not-found', code: 'sdk-key-not-found' };
    expect(await app.failure(identity.findSdkKey, { projectId: randomUUID(), name })).toMatchObject(absent);
    expect(await app.failure(identity.findSdkKey, { sdkKeyId: randomUUID() })).toMatchObject(absent);
    expect(await app.failure(identity.getSdkKey, { projectId: randomUUID(), sdkKeyId })).toMatchObject(absent);
  });

  it('are gone once they are removed, by somebody of their project', async () => {
    const { sdkKeyId, projectId } = await put();
    expect(await app.failure(identity.removeSdkKey, { projectId: randomUUID(), sdkKeyId, actor: systemActor })).toMatchObject({ code: 'sdk-key-not-found' });
    await app.call(identity.removeSdkKey, { projectId, sdkKeyId, actor: systemActor });
    expect(await app.failure(identity.findSdkKey, { sdkKeyId })).toMatchObject({ code: 'sdk-key-not-found' });
    expect(await app.failure(identity.removeSdkKey, { projectId, sdkKeyId, actor: systemActor })).toMatchObject({ code: 'sdk-key-not-found' });
    expect(await app.database.query(`SELECT data FROM outbox WHERE type = 'identity.sdk-key.removed' AND data->>'sdkKeyId' = $1`, [sdkKeyId])).toEqual([{ data: { projectId, sdkKeyId } }]);
  });

  it('are paged through, newest first', async () => {
    const projectId = randomUUID();
    const ids = Array.from({ length: 5 }, () => randomUUID()).sort().reverse();
    for (const [index, newSdkKeyId] of ids.entries()) await put({ projectId, newSdkKeyId, name: `key ${index}` });
    const first = await app.call(identity.listSdkKeys, { projectId, limit: 3 });
    const second = await app.call(identity.listSdkKeys, { projectId, limit: 3, cursor: first.nextCursor! });
    expect([...first.sdkKeys, ...second.sdkKeys].map(({ sdkKeyId }) => sdkKeyId)).toEqual(ids);
    expect(second.nextCursor).toBeNull();
    expect(await app.failure(identity.listSdkKeys, { projectId: randomUUID(), limit: 3, cursor: first.nextCursor! })).toMatchObject({ code: 'invalid-cursor' });
  });
});
