import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { auditSources, identity } from '#libs/contracts';
import { IdentityApp } from '../spec-support/identity-app.js';

jest.setTimeout(60_000); // the first test starts a Postgres

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
    const pem = () => generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }) as string;
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
});
