import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { identity, systemActor } from '#libs/contracts';
import { claimsOf, IdentityApp } from '../spec-support/identity-app.js';

describe('the sessions of a user', () => {
  let app: IdentityApp;
  const password = 'correct horse battery';
  const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0';
  let count = 0;

  beforeAll(async () => {
    app = await IdentityApp.start();
  });

  const newUser = async () => {
    const email = `user${(count += 1)}@example.com`;
    return { email, userId: await app.user(email, password) };
  };
  const logIn = (email: string, from: { address?: string; userAgent?: string } = {}) => app.logIn(email, password, from);
  const list = async (userId: string, more: { limit?: number; cursor?: string; realmId?: string } = {}) => app.call(identity.listSessions, { realmId: app.realmId, userId, ...more });
  const endOne = { realmId: '', userId: '', sessionId: '', actor: systemActor };
  /** The ids of sessions in each event about the end of some, in order. */
  const told = async (userId: string) =>
    (await app.database.query<{ ids: string[] }>(`SELECT data->'sessionIds' AS ids FROM outbox WHERE type = 'identity.sessions.ended' AND data->>'userId' = $1 AND data->>'reason' = 'revoked' ORDER BY sequence`, [userId])).map(({ ids }) => ids.sort());
  const sid = (tokens: identity.IssuedTokens) => claimsOf(tokens.accessToken).sid as string;

  it('say where and since when they are logged in, newest first, and where they were used last', async () => {
    const { email, userId } = await newUser();
    const first = await logIn(email, { address: '192.0.2.1', userAgent: firefox });
    const second = await logIn(email);
    const at = expect.stringMatching(/^\d{4}-.*Z$/);
    expect(await list(userId)).toEqual({
      sessions: [
        { sessionId: sid(second), device: null, userAgent: null, address: null, createdAt: at, lastUsedAt: at, expiresAt: at },
        { sessionId: sid(first), device: 'Firefox on Linux', userAgent: firefox, address: '192.0.2.1', createdAt: at, lastUsedAt: at, expiresAt: at },
      ],
      nextCursor: null,
    });
    await app.database.execute(`UPDATE sessions SET last_used_at = last_used_at - interval '1 hour' WHERE session_id = $1`, [sid(first)]);
    const before = (await list(userId)).sessions[1]!;
    await app.call(identity.refreshSession, { realmId: app.realmId, refreshToken: first.refreshToken, address: '192.0.2.2', userAgent: 'curl/8.5.0' });
    const after = (await list(userId)).sessions[1]!;
    expect(after).toMatchObject({ sessionId: sid(first), device: 'curl', address: '192.0.2.2', createdAt: before.createdAt });
    expect(Date.parse(after.lastUsedAt) - Date.parse(before.lastUsedAt)).toBeGreaterThan(3_500_000);
  });

  it('are only those that go on, in their own realm', async () => {
    const { email, userId } = await newUser();
    const [out, expired, on] = [await logIn(email), await logIn(email), await logIn(email)];
    await app.call(identity.endSession, { realmId: app.realmId, refreshToken: out.refreshToken });
    await app.database.execute(`UPDATE sessions SET idle_expires_at = now() - interval '1 second' WHERE session_id = $1`, [sid(expired)]);
    expect((await list(userId)).sessions.map(({ sessionId }) => sessionId)).toEqual([sid(on)]);
    for (const nobody of [await list(userId, { realmId: randomUUID() }), await list(randomUUID())]) expect(nobody).toEqual({ sessions: [], nextCursor: null });
    await app.database.execute('UPDATE logins SET is_active = false WHERE user_id = $1', [userId]);
    expect((await list(userId)).sessions).toEqual([]);
  });

  it('are paged, and a cursor is good for its own user', async () => {
    const { email, userId } = await newUser();
    const sids: string[] = [];
    for (let number = 0; number < 5; number += 1) sids.unshift(sid(await logIn(email)));
    const first = await list(userId, { limit: 3 });
    const second = await list(userId, { limit: 3, cursor: first.nextCursor! });
    expect([...first.sessions, ...second.sessions].map(({ sessionId }) => sessionId)).toEqual(sids);
    expect(second.nextCursor).toBeNull();
    const { userId: other } = await newUser();
    expect(await app.failure(identity.listSessions, { realmId: app.realmId, userId: other, cursor: first.nextCursor! })).toMatchObject({ code: 'invalid-cursor' });
  });

  it('end one by one, each of its own user, once', async () => {
    const { email, userId } = await newUser();
    const { userId: other } = await newUser();
    const [one, two] = [await logIn(email), await logIn(email)];
    const request = { ...endOne, realmId: app.realmId, userId, sessionId: sid(one) };
    for (const wrong of [{ ...request, userId: other }, { ...request, realmId: randomUUID() }, { ...request, sessionId: randomUUID() }]) {
      expect(await app.failure(identity.endOneSession, wrong)).toEqual({ kind: 'not-found', code: 'session-not-found', message: 'There is no such session.' });
    }
    expect(await app.sessionIsActive(one)).toBe(true);
    await app.call(identity.endOneSession, request);
    expect([await app.sessionIsActive(one), await app.sessionIsActive(two)]).toEqual([false, true]);
    expect(await app.failure(identity.refreshSession, { realmId: app.realmId, refreshToken: one.refreshToken })).toMatchObject({ code: 'refresh-token-invalid' });
    expect(await app.failure(identity.endOneSession, request)).toMatchObject({ code: 'session-not-found' });
    expect(await app.database.query('SELECT end_reason AS reason FROM sessions WHERE session_id = $1', [sid(one)])).toEqual([{ reason: 'revoked' }]);
    expect(await told(userId)).toEqual([[sid(one)]]);
  });

  it('end all at once, but the one that is kept', async () => {
    const { email, userId } = await newUser();
    const { email: otherEmail } = await newUser();
    const [one, kept, two, expired] = [await logIn(email), await logIn(email), await logIn(email), await logIn(email)];
    await app.database.execute(`UPDATE sessions SET idle_expires_at = now() - interval '1 second' WHERE session_id = $1`, [sid(expired)]);
    const bystander = await logIn(otherEmail);
    const all = { realmId: app.realmId, userId, actor: systemActor };
    expect(await app.call(identity.endAllSessions, { ...all, keepSessionId: sid(kept) })).toEqual({ ended: 2 });
    expect([await app.sessionIsActive(one), await app.sessionIsActive(kept), await app.sessionIsActive(two), await app.sessionIsActive(bystander)]).toEqual([false, true, false, true]);
    expect(await app.call(identity.endAllSessions, { ...all, keepSessionId: null })).toEqual({ ended: 1 });
    expect(await app.call(identity.endAllSessions, { ...all, keepSessionId: null })).toEqual({ ended: 0 });
    expect(await told(userId)).toEqual([[sid(one), sid(two)], [sid(kept)]]);
    expect(await app.sessionIsActive(bystander)).toBe(true);
  });
});
