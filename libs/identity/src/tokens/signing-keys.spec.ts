import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { identity } from '#libs/contracts';
import { StartupError } from '#libs/platform/errors';
import { testDatabaseUrl } from '#libs/platform/testing';
import { IdentityApp, specMasterKey } from '../spec-support/identity-app.js';

describe('signing keys', () => {
  it('are one, however many replicas start at once on an empty database', async () => {
    const databaseUrl = await testDatabaseUrl();
    const replicas = await Promise.all(Array.from({ length: 4 }, () => IdentityApp.start({ databaseUrl })));
    const answers = await Promise.all(replicas.map((replica) => replica.call(identity.listSigningKeys, {})));
    expect(answers[0]!.keys).toEqual([{ kty: 'OKP', crv: 'Ed25519', x: expect.any(String), kid: expect.any(String), alg: 'EdDSA', use: 'sig' }]);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  it('stay over a restart, with the master key in its other spelling', async () => {
    const key = randomBytes(32);
    const first = await IdentityApp.start({ environment: { ROLLCALL_MASTER_KEY: key.toString('base64') } });
    const before = await first.call(identity.listSigningKeys, {});
    await first.app.close();
    const second = await IdentityApp.start({ databaseUrl: first.databaseUrl, environment: { ROLLCALL_MASTER_KEY: key.toString('hex') } });
    expect(await second.call(identity.listSigningKeys, {})).toEqual(before);
  });

  it('sign on under another master key, as do all boxes and hashes that were made before', async () => {
    const first = await IdentityApp.start();
    const email = 'rotated@example.com';
    const userId = await first.user(email, 'correct horse battery');
    const published = await first.call(identity.listSigningKeys, {});
    const rotated = { ROLLCALL_MASTER_KEY: randomBytes(32).toString('base64'), ROLLCALL_MASTER_KEY_PREVIOUS: specMasterKey };
    const second = await IdentityApp.start({ databaseUrl: first.databaseUrl, environment: rotated });
    const realm = { realmId: first.realmId };
    expect(await second.call(identity.listSigningKeys, {})).toEqual(published);
    expect(await second.call(identity.logIn, { ...second.loginRequest(email, 'correct horse battery'), ...realm })).toMatchObject({ userId });
    await expect(IdentityApp.start({ databaseUrl: first.databaseUrl })).rejects.toThrow('does not open the keys');
  });

  it('are not in the database in the clear', async () => {
    const { database } = await IdentityApp.start();
    const [row] = await database.query<{ publicJwk: object; sealed: Buffer }>('SELECT public_jwk AS "publicJwk", sealed_private_key AS sealed FROM signing_keys');
    expect(row!.publicJwk).not.toHaveProperty('d');
    // The beginning of every Ed25519 PKCS #8 file (RFC 8410).
    expect(row!.sealed.includes(Buffer.from('302e020100300506032b6570', 'hex'))).toBe(false);
  });

  it('end the start with one sentence when the master key does not fit', async () => {
    const first = await IdentityApp.start();
    const error: unknown = await IdentityApp.start({ databaseUrl: first.databaseUrl, environment: { ROLLCALL_MASTER_KEY: randomBytes(32).toString('hex') } }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StartupError);
    expect((error as Error).message).toBe('ROLLCALL_MASTER_KEY does not open the keys in the identity database: set the master key that it was last started with, or give that one as ROLLCALL_MASTER_KEY_PREVIOUS.');
  });

  it.each([
    ['missing', '', 'ROLLCALL_MASTER_KEY is not set: it must be 32 random bytes as base64 or hex, such as "openssl rand -base64 32" prints.'],
    ['too short', randomBytes(31).toString('hex'), 'ROLLCALL_MASTER_KEY is wrong: it must be 32 random bytes as base64 or hex, such as "openssl rand -base64 32" prints.'],
    ['too long', randomBytes(33).toString('base64'), 'ROLLCALL_MASTER_KEY is wrong: it must be 32 random bytes as base64 or hex, such as "openssl rand -base64 32" prints.'],
    ['no key at all', 'correct horse battery staple', 'ROLLCALL_MASTER_KEY is wrong: it must be 32 random bytes as base64 or hex, such as "openssl rand -base64 32" prints.'],
  ])('are not touched when the master key is %s', async (_what, value, message) => {
    await expect(IdentityApp.start({ environment: { ROLLCALL_MASTER_KEY: value } })).rejects.toThrow(new StartupError(message));
  });
});
