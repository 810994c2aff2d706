import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { identity, systemActor } from '#libs/contracts';
import { IdentityApp } from '../spec-support/identity-app.js';

describe('those who manage credentials', () => {
  let app: IdentityApp;

  beforeAll(async () => {
    app = await IdentityApp.start();
  });

  const groupOf = (kind: identity.CredentialKind, projectId: string | null = randomUUID(), organisationId: string | null = null): identity.CredentialGroup => ({ kind, projectId, organisationId });
  const create = (group: identity.CredentialGroup, name = 'a key', roles: string[] = []) => app.call(identity.createCredential, { ...group, name, roles, actor: { type: 'user', id: 'u1' } });
  const list = (group: identity.CredentialGroup, limit = 100, cursor?: string) => app.call(identity.listCredentials, { group, limit, cursor });
  const idsOf = async (group: identity.CredentialGroup) => (await list(group)).credentials.map(({ credentialId }) => credentialId);

  it('see what it is for and how it begins, and nothing that opens anything', async () => {
    const group = groupOf('api-key');
    const { credential, key } = await create(group, 'CI', ['viewer']);
    const { credentials, nextCursor } = await list(group);
    expect(credentials).toEqual([{ ...credential, prefix: expect.any(String), createdAt: expect.any(String), createdBy: 'user:u1', lastUsedAt: null }]);
    expect(nextCursor).toBeNull();
    expect(key!.startsWith(credentials[0]!.prefix)).toBe(true);
    expect(key!.length - credentials[0]!.prefix.length).toBeGreaterThan(40);
    expect(await app.call(identity.getCredential, { group, credentialId: credential.credentialId })).toEqual(credentials[0]);
  });

  it.each([['engagement', 'key'], ['client', 'secret']] as const)('of an %s see how its %s begins', async (kind, part) => {
    const group = groupOf(kind);
    const made = await create(group);
    expect(made[part]!.startsWith((await list(group)).credentials[0]!.prefix)).toBe(true);
  });

  it('see their own project, organisation or deployment, and one kind at a time', async () => {
    const [projectId, organisationId] = [randomUUID(), randomUUID()];
    const groups = [groupOf('engagement', projectId), groupOf('client', projectId), groupOf('api-key', projectId), groupOf('api-key', null, organisationId), groupOf('api-key', null, null), groupOf('client')];
    const made = await Promise.all(groups.map(async (group) => (await create(group)).credential.credentialId));
    for (const [index, group] of groups.entries()) {
      expect(await idsOf(group)).toEqual([made[index]]);
      for (const other of groups.filter((one) => one !== group)) {
        const foreign = { group: other, credentialId: made[index]!, actor: systemActor };
        expect(await app.failure(identity.getCredential, foreign)).toMatchObject({ code: 'credential-not-found' });
        expect(await app.failure(identity.revokeCredential, foreign)).toMatchObject({ code: 'credential-not-found' });
      }
    }
    await app.call(identity.revokeCredential, { group: groups[0]!, credentialId: made[0]!, actor: systemActor });
    expect(await idsOf(groups[0]!)).toEqual([]);
    expect(await app.failure(identity.getCredential, { group: groups[0]!, credentialId: made[0]! })).toMatchObject({ code: 'credential-not-found' });
  });

  it('page through them, newest first, and miss none while others come and go', async () => {
    const group = groupOf('client');
    const made: string[] = [];
    for (let number = 0; number < 7; number += 1) made.unshift((await create(group)).credential.credentialId);
    const first = await list(group, 3);
    await create(group, 'later');
    await app.call(identity.revokeCredential, { credentialId: first.credentials[2]!.credentialId, actor: systemActor });
    const second = await list(group, 3, first.nextCursor!);
    const third = await list(group, 3, second.nextCursor!);
    expect([first, second, third].flatMap(({ credentials }) => credentials.map(({ credentialId }) => credentialId))).toEqual(made);
    expect(third.nextCursor).toBeNull();
  });

  it('are refused a cursor of another list, or one that was changed', async () => {
    const group = groupOf('client');
    for (let number = 0; number < 2; number += 1) await create(group);
    const { nextCursor } = await list(group, 1);
    const changed = `${nextCursor!.slice(0, -2)}${nextCursor!.endsWith('AA') ? 'BA' : 'AA'}`;
    expect(await app.failure(identity.listCredentials, { group: groupOf('client'), limit: 1, cursor: nextCursor! })).toMatchObject({ code: 'invalid-cursor' });
    for (const cursor of [changed, '', 'x', nextCursor! + 'AAAA']) expect(await app.failure(identity.listCredentials, { group, limit: 1, cursor })).toMatchObject({ kind: 'invalid', code: 'invalid-cursor' });
  });

  it('have a new one announced', async () => {
    const { credential } = await create(groupOf('client'));
    const events = await app.database.query(`SELECT data FROM outbox WHERE type = 'identity.credential.created' AND data->>'credentialId' = $1`, [credential.credentialId]);
    expect(events).toEqual([{ data: { credentialId: credential.credentialId, kind: 'client' } }]);
  });
});
