import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { identity, systemActor } from '#libs/contracts';
import { formatKey, randomSecret } from '../keys/key-string.js';
import { IdentityApp } from '../spec-support/identity-app.js';

describe('client tokens', () => {
  let app: IdentityApp;
  const projectId = randomUUID();

  beforeAll(async () => {
    app = await IdentityApp.start({ environment: { TOKEN_ISSUER: 'https://users.example.com' } });
  });

  const create = (kind: identity.CredentialKind, roles: string[] = []) => app.call(identity.createCredential, { kind, name: 'a client', projectId, organisationId: null, roles, actor: systemActor });

  it('carry the project and the roles, and can be verified with the published keys', async () => {
    const { credential, secret } = await create('client', ['events', 'workbench']);
    const { credentialId } = credential;
    const answer = await app.call(identity.grantClientToken, { clientId: credentialId, clientSecret: secret! });
    expect(answer).toMatchObject({ expiresIn: 3600, scope: 'events workbench' });

    const { issuer, keys } = await app.call(identity.listSigningKeys, {});
    const { payload, protectedHeader } = await jwtVerify(answer.accessToken, createLocalJWKSet({ keys }), { issuer, audience: 'rollcall', typ: 'at+jwt', algorithms: ['EdDSA'] });
    expect(issuer).toBe('https://users.example.com');
    expect(protectedHeader).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: keys[0]!.kid });
    expect(payload).toEqual({
      iss: issuer, aud: 'rollcall', sub: credentialId, client_id: credentialId, project: projectId, scope: 'events workbench',
      iat: expect.any(Number), exp: payload.iat! + 3600, jti: expect.any(String),
    });
  });

  it('are the same refusal for whatever is wrong', async () => {
    const { credential, secret } = await create('client');
    const { credentialId } = credential;
    const other = await create('client');
    const engagement = await create('engagement');
    const forged = formatKey({ kind: 'client', id: credentialId, secret: randomSecret() });
    const unknownId = randomUUID();
    const wrong = [
      { clientId: credentialId, clientSecret: forged },
      { clientId: credentialId, clientSecret: other.secret! },
      { clientId: other.credential.credentialId, clientSecret: secret! },
      { clientId: unknownId, clientSecret: formatKey({ kind: 'client', id: unknownId, secret: randomSecret() }) },
      { clientId: engagement.credential.credentialId, clientSecret: engagement.secret! },
      { clientId: credentialId, clientSecret: '' },
      { clientId: '', clientSecret: secret! },
    ];
    for (const request of wrong) {
      expect(await app.failure(identity.grantClientToken, request)).toEqual({ kind: 'unauthenticated', code: 'invalid-client', message: 'The client id or the client secret is wrong.' });
    }
    await app.call(identity.revokeCredential, { credentialId, actor: systemActor });
    expect(await app.failure(identity.grantClientToken, { clientId: credentialId, clientSecret: secret! })).toMatchObject({ code: 'invalid-client' });
  });
});
