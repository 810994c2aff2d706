import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { auditSources, identity, systemActor } from '#libs/contracts';
import { testKeyPair } from '#libs/platform/testing';
import { claimsOf, IdentityApp } from '../spec-support/identity-app.js';
import { RotateSigningKeys } from '../tokens/rotate-signing-keys.js';

const actor = { type: 'user' as const, id: randomUUID() };
let app: IdentityApp;
beforeAll(async () => {
  app = await IdentityApp.start();
});

/** What was written since the last call, as `action before > after`. */
async function written() {
  const { entries } = await app.call(auditSources.identity.pending, { limit: 100 });
  if (entries.length > 0) await app.call(auditSources.identity.settle, { entryIds: entries.map(({ entryId }) => entryId) });
  return entries;
}
const told = async () => (await written()).map(({ action, before, after }) => `${action}: ${before.join(' ')} > ${after.join(' ')}`);

describe('what identity tells the audit trail', () => {
  it.each([
    ['api-key', null, randomUUID(), 'api-key'],
    ['client', randomUUID(), null, 'api-client'],
    ['engagement', randomUUID(), null, 'engagement-key'],
  ] as const)('is who made and who revoked a credential of kind %s, and of whom', async (kind, projectId, organisationId, type) => {
    const { credential: { credentialId } } = await app.call(identity.createCredential, { kind, name: 'a name', projectId, organisationId, roles: [], actor });
    const refused = { credentialId, group: { kind, projectId: randomUUID(), organisationId: null }, actor };
    expect(await app.failure(identity.revokeCredential, refused)).toMatchObject({ code: 'credential-not-found' });
    await app.call(identity.revokeCredential, { credentialId, actor: { type: 'credential', id: 'k1' } });
    const common = { target: { type, id: credentialId }, projectId, organisationId };
    expect(await written()).toEqual([
      expect.objectContaining({ ...common, actor, action: `${type}.created`, before: [], after: ['name', 'roles'] }),
      expect.objectContaining({ ...common, actor: { type: 'credential', id: 'k1' }, action: `${type}.revoked`, before: ['name', 'roles'], after: [] }),
    ]);
  });

  it('is what changed of an SDK key, and nothing of a key that was refused', async () => {
    const projectId = randomUUID();
    const pem = () => testKeyPair('ed25519').publicKey.export({ type: 'spki', format: 'pem' }) as string;
    const key = { projectId, name: 'app', publicKey: pem(), algorithm: 'EdDSA' as const, claims: { city: 'city' }, actor };
    const put = (changes: object) => app.call(identity.putSdkKey, { ...key, newSdkKeyId: randomUUID(), ...changes });
    await put({});
    await put({ claims: { city: 'country' } });
    const { sdkKeyId } = await put({ publicKey: pem() });
    expect(await app.failure(identity.putSdkKey, { ...key, newSdkKeyId: randomUUID(), publicKey: 'none' })).toMatchObject({ code: 'sdk-key-refused' });
    await app.call(identity.removeSdkKey, { projectId, sdkKeyId, actor });
    expect(await told()).toEqual([
      'sdk-key.created:  > name public_key algorithm claims',
      'sdk-key.changed: claims > claims',
      'sdk-key.changed: public_key claims > public_key claims',
      'sdk-key.removed: name public_key algorithm claims > ',
    ]);
  });

  it('is whose password was set by whom, and never the password', async () => {
    const userId = app.contact('told@example.com');
    const set = { realmId: app.realmId, userId, password: 'correct horse battery', keepSessionId: null, actor };
    await app.call(identity.setPassword, set);
    await app.call(identity.setPassword, set);
    const entries = await written();
    expect(entries.map(({ before, after }) => [before, after])).toEqual([[[], ['login_email', 'password']], [['password'], ['password']]]);
    for (const entry of entries) expect(entry).toMatchObject({ actor, action: 'user.password-set', target: { type: 'user', id: userId }, projectId: app.realmId });
    expect(JSON.stringify(entries)).not.toMatch(/correct horse|told@example/);
  });

  it('is who ended whose sessions, one or all, and nothing where there was none to end', async () => {
    const userId = await app.user('sessions@example.com', 'correct horse battery');
    const logIn = async () => (await app.logIn('sessions@example.com', 'correct horse battery')).accessToken;
    const which = { realmId: app.realmId, userId };
    const own = { type: 'user' as const, id: userId };
    const sessionId = claimsOf(await logIn()).sid as string;
    await written();
    await app.call(identity.endOneSession, { ...which, sessionId, actor: own });
    await app.failure(identity.endOneSession, { ...which, sessionId, actor });
    await app.call(identity.endAllSessions, { ...which, keepSessionId: null, actor });
    await logIn();
    await app.call(identity.endAllSessions, { ...which, keepSessionId: null, actor });
    const common = { target: { type: 'user', id: userId }, projectId: app.realmId, before: [], after: [] };
    expect(await written()).toEqual([expect.objectContaining({ ...common, actor: own, action: 'user.session-ended' }), expect.objectContaining({ ...common, actor, action: 'user.sessions-ended' })]);
  });

  it('is who made and who removed a signing key, or that it was made because the last was old', async () => {
    const keys = app.app.get(RotateSigningKeys, { strict: false });
    const { keys: [old] } = await app.call(identity.describeSigningKeys, {});
    const { kid } = await app.call(identity.rotateSigningKey, { immediately: true, actor });
    expect(await app.failure(identity.removeSigningKey, { kid, actor })).toMatchObject({ code: 'signing-key-in-use' });
    await app.call(identity.removeSigningKey, { kid: old!.kid, actor });
    await app.database.execute(`UPDATE signing_keys SET active_from = active_from - interval '100 days', created_at = created_at - interval '100 days'`);
    await Promise.all([keys.whenDue(), keys.whenDue()]);
    const { keys: [newest] } = await app.call(identity.describeSigningKeys, {});
    const entry = (by: object, action: string, id: string) => expect.objectContaining({ actor: by, action, target: { type: 'signing-key', id }, organisationId: null, projectId: null });
    expect(await written()).toEqual([entry(actor, 'signing-key.created', kid), entry(actor, 'signing-key.removed', old!.kid), entry(systemActor, 'signing-key.created', newest!.kid)]);
  });

  it('is who imported whom, and nothing of those who were not imported', async () => {
    const hash = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
    const present = app.contact('imported@example.com');
    const users = [{ user: { userId: present }, hash }, { user: { externalId: 'imported' }, email: 'new@example.com', hash }, { user: { externalId: 'refused' }, email: 'new@example.com', hash }, { user: { externalId: 'wrong' }, email: 'wrong@example.com', hash: 'nonsense' }];
    await written();
    const ask = () => app.call(identity.importCredentials, { realmId: app.realmId, firebase: null, actor, users });
    const { results } = await ask();
    expect(results.map(({ status }) => status)).toEqual(['imported', 'imported', 'failed', 'failed']);
    const entries = await written();
    const entry = { actor, action: 'user.imported', projectId: app.realmId, before: [], after: ['login_email', 'user_name', 'password', 'status'] };
    for (const one of entries) expect(one).toMatchObject(entry);
    expect(entries.map(({ target }) => target.id).sort()).toEqual([present, results[1]!.userId!].sort());
    await ask();
    expect(await written()).toEqual([]);
  });
});
