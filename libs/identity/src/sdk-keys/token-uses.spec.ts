import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { identity } from '#libs/contracts';
import { IdentityApp } from '../spec-support/identity-app.js';
import { Sweep } from '../upkeep/sweep.js';

describe('uses of end-user tokens', () => {
  let app: IdentityApp;

  beforeAll(async () => {
    app = await IdentityApp.start();
  });

  const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
  const find = async (projectId: string, token: string) => (await app.call(identity.findTokenUse, { projectId, token })).use;

  it('are known once they are noted, in their project, as they were noted first', async () => {
    const [projectId, token] = [randomUUID(), randomUUID()];
    expect(await find(projectId, token)).toBeNull();
    await app.call(identity.noteTokenUse, { projectId, token, skipped: ['ph'], expiresAt: inMs(60_000) });
    await app.call(identity.noteTokenUse, { projectId, token, skipped: [], expiresAt: inMs(60_000) });
    expect(await find(projectId, token)).toEqual({ skipped: ['ph'] });
    expect(await find(randomUUID(), token)).toBeNull();
  });

  it('are forgotten when the token has expired', async () => {
    const [projectId, old, young] = [randomUUID(), randomUUID(), randomUUID()];
    await app.call(identity.noteTokenUse, { projectId, token: old, skipped: [], expiresAt: inMs(-1) });
    await app.call(identity.noteTokenUse, { projectId, token: young, skipped: [], expiresAt: inMs(60_000) });
    await app.app.get(Sweep, { strict: false }).execute();
    expect([await find(projectId, old), await find(projectId, young)]).toEqual([null, { skipped: [] }]);
  });
});
