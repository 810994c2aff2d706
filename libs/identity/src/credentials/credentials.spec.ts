import { createHash, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { identity, systemActor } from '#libs/contracts';
import { eventually } from '#libs/platform/testing';
import { formatKey, randomSecret } from '../keys/key-string.js';
import { IdentityApp } from '../spec-support/identity-app.js';

describe('machine credentials', () => {
  let app: IdentityApp;
  const projectId = randomUUID();
  const organisationId = randomUUID();

  beforeAll(async () => {
    app = await IdentityApp.start();
  });

  type Scope = { projectId: string | null; organisationId: string | null };
  const create = (kind: identity.CredentialKind, scope: Scope = { projectId, organisationId: null }, roles: string[] = []) =>
    app.call(identity.createCredential, { kind, name: 'a key', roles, actor: systemActor, ...scope });
  const authenticate = (key: string | null, secret: string | null = null) => app.call(identity.authenticateCredential, { key: key!, secret });
  const refusal = async (key: string, secret: string | null = null) => app.failure(identity.authenticateCredential, { key, secret });
  const unknown = { kind: 'unauthenticated', code: 'credential-unknown', message: 'The credentials are not known.' };

  it('have keys that tell their kind', async () => {
    expect(await create('engagement')).toMatchObject({ key: expect.stringMatching(/^rc_pub_/), secret: expect.stringMatching(/^rc_sec_/) });
    expect(await create('client')).toMatchObject({ key: null, secret: expect.stringMatching(/^rc_client_/) });
    expect(await create('api-key')).toMatchObject({ key: expect.stringMatching(/^rc_proj_/), secret: null });
    expect(await create('api-key', { projectId: null, organisationId })).toMatchObject({ key: expect.stringMatching(/^rc_admin_/), secret: null });
    expect(await create('api-key', { projectId: null, organisationId: null })).toMatchObject({ key: expect.stringMatching(/^rc_admin_/), secret: null });
  });

  it('speak for one project, one organisation or the deployment', async () => {
    const request = { name: 'a key', roles: [], actor: systemActor };
    expect(await app.failure(identity.createCredential, { ...request, kind: 'api-key', projectId, organisationId })).toMatchObject({ code: 'invalid-request' });
    expect(await app.failure(identity.createCredential, { ...request, kind: 'engagement', projectId: null, organisationId })).toMatchObject({ code: 'invalid-request' });
    expect(await app.failure(identity.createCredential, { ...request, kind: 'client', projectId: null, organisationId: null })).toMatchObject({ code: 'invalid-request' });
  });

  it('are stored as SHA-256 hashes only', async () => {
    const { key, secret, credential } = await create('engagement');
    const [row] = await app.database.query<Record<string, unknown>>('SELECT * FROM credentials WHERE credential_id = $1', [credential.credentialId]);
    expect(row).toMatchObject({ key_hash: createHash('sha256').update(key!).digest(), secret_hash: createHash('sha256').update(secret!).digest() });
    const [text] = await app.database.query<{ all: string }>(`SELECT string_agg(c::text, ' ') AS all FROM credentials c`);
    expect(text!.all).not.toContain('rc_');
  });

  describe('of an engagement', () => {
    it('are half authenticated by the key alone, and fully with the secret', async () => {
      const { key, secret, credential } = await create('engagement');
      expect(await authenticate(key)).toEqual({ credential, full: false });
      expect(await authenticate(key, '')).toEqual({ credential, full: false });
      expect(await authenticate(key, secret)).toEqual({ credential, full: true });
      expect(credential).toMatchObject({ kind: 'engagement', name: 'a key', projectId, organisationId: null, roles: [] });
    });

    it('are unknown with any other secret: of another key, made up, malformed, or the key itself', async () => {
      const { key, credential } = await create('engagement');
      const other = await create('engagement');
      const madeUp = formatKey({ kind: 'sec', id: credential.credentialId, secret: randomSecret() });
      for (const secret of [other.secret!, madeUp, 'wrong', key!]) expect(await refusal(key!, secret)).toEqual(unknown);
    });

    it('are not authenticated by the secret in place of the key', async () => {
      const { secret } = await create('engagement');
      expect(await refusal(secret!)).toEqual(unknown);
    });
  });

  it('of an API are fully authenticated by their key, which has no secret', async () => {
    const { key, credential } = await create('api-key', { projectId: null, organisationId }, ['org_admin']);
    expect(await authenticate(key)).toEqual({ credential, full: true });
    expect(credential).toMatchObject({ organisationId, roles: ['org_admin'] });
    expect(await refusal(key!, 'something')).toEqual(unknown);
  });

  it('of a client are no key: they are exchanged for a token', async () => {
    const { secret } = await create('client');
    expect(await refusal(secret!)).toEqual(unknown);
  });

  it('are unknown when they are made up, with a wrong checksum or a right one', async () => {
    const { key, credential } = await create('api-key');
    const forged = formatKey({ kind: 'proj', id: credential.credentialId, secret: randomSecret() });
    const asAdmin = formatKey({ kind: 'admin', id: credential.credentialId, secret: randomSecret() });
    const nobody = formatKey({ kind: 'proj', id: randomUUID(), secret: randomSecret() });
    for (const wrong of [`${key!.slice(0, -1)}?`, forged, asAdmin, nobody, 'rc_proj_', "' OR 1=1 --"]) expect(await refusal(wrong)).toEqual(unknown);
  });

  it('work no more once they are revoked, which is announced once', async () => {
    const { key, secret, credential } = await create('engagement');
    const { credentialId } = credential;
    expect(await app.call(identity.checkCredential, { credentialId })).toEqual({ active: true });
    await app.call(identity.revokeCredential, { credentialId, actor: systemActor });
    expect(await refusal(key!, secret)).toEqual(unknown);
    expect(await app.call(identity.checkCredential, { credentialId })).toEqual({ active: false });
    expect(await app.failure(identity.revokeCredential, { credentialId, actor: systemActor })).toMatchObject({ kind: 'not-found', code: 'credential-not-found' });
    const events = await app.database.query(`SELECT data FROM outbox WHERE type = 'identity.credential.revoked' AND data->>'credentialId' = $1`, [credentialId]);
    expect(events).toEqual([{ data: { credentialId } }]);
  });

  it('that never were are inactive, and not to be revoked', async () => {
    expect(await app.call(identity.checkCredential, { credentialId: randomUUID() })).toEqual({ active: false });
    expect(await app.failure(identity.revokeCredential, { credentialId: randomUUID(), actor: systemActor })).toMatchObject({ code: 'credential-not-found' });
  });

  it('have their last use written down once a minute and not at every use', async () => {
    const { key, credential } = await create('api-key');
    const state = async () => (await app.database.query<{ used: string | null; version: string }>('SELECT last_used_at AS used, xmin::text AS version FROM credentials WHERE credential_id = $1', [credential.credentialId]))[0]!;
    expect((await state()).used).toBeNull();
    await authenticate(key);
    await eventually(async () => expect((await state()).used).not.toBeNull());
    const first = await state();
    await Promise.all(Array.from({ length: 20 }, () => authenticate(key)));
    expect(await state()).toEqual(first);
    await app.database.execute(`UPDATE credentials SET last_used_at = now() - interval '61 seconds' WHERE credential_id = $1`, [credential.credentialId]);
    await authenticate(key);
    await eventually(async () => expect(Date.now() - Date.parse((await state()).used!)).toBeLessThan(30_000));
  });
});
