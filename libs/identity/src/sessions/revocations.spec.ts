import { beforeAll, describe, expect, it } from '@jest/globals';
import { identity, systemActor } from '#libs/contracts';
import { eventually } from '#libs/platform/testing';
import { claimsOf, failureOf, IdentityApp, type LoggedIn } from '../spec-support/identity-app.js';
import { Sweep } from '../upkeep/sweep.js';

describe('what gateways are told of ended sessions', () => {
  let app: IdentityApp;
  const password = 'correct horse battery';
  let count = 0;

  beforeAll(async () => {
    app = await IdentityApp.start();
  });

  const newUser = async () => {
    const email = `user${(count += 1)}@example.com`;
    return { email, userId: await app.user(email, password) };
  };
  const poll = (since: number | null) => app.call(identity.pollRevocations, { since });
  const now = async () => (await poll(null)).next;
  const sid = (tokens: identity.IssuedTokens) => claimsOf(tokens.accessToken).sid as string;
  const about = (userId: string) => ({ realmId: app.realmId, userId, actor: systemActor });

  const ways: [string, (user: { email: string; userId: string }, tokens: LoggedIn) => Promise<unknown>][] = [
    ['logging out', (_user, { refreshToken }) => app.call(identity.endSession, { realmId: app.realmId, refreshToken })],
    ['revoking it', ({ userId }, tokens) => app.call(identity.endOneSession, { ...about(userId), sessionId: sid(tokens) })],
    ['revoking all', ({ userId }) => app.call(identity.endAllSessions, { ...about(userId), keepSessionId: null })],
    ['a new password', ({ userId }) => app.setPassword(userId, 'another good password')],
    ['a stolen refresh token', async (_user, { refreshToken }) => {
      const refresh = (text: string) => app.call(identity.refreshSession, { realmId: app.realmId, refreshToken: text });
      await refresh((await refresh(refreshToken)).refreshToken);
      await failureOf(refresh(refreshToken));
    }],
    ['closing the account', ({ userId }) => app.database.execute('UPDATE logins SET is_active = false WHERE user_id = $1', [userId])],
    ['hiding the user', ({ userId }) => app.call(identity.hideLogins, { realmId: app.realmId, userIds: [userId] })],
    ['erasing the user', ({ userId }) => app.call(identity.eraseLogins, { realmId: app.realmId, userIds: [userId] })],
    ['deleting the row by hand', (_user, tokens) => app.database.execute('DELETE FROM sessions WHERE session_id = $1', [sid(tokens)])],
  ];

  it.each(ways)('%s is told', async (_way, end) => {
    const user = await newUser();
    const tokens = await app.logIn(user.email, password);
    const since = await now();
    await end(user, tokens);
    expect((await poll(since)).sessionIds).toContain(sid(tokens));
    expect(await app.sessionIsActive(tokens)).toBe(false);
  });

  it('logging in, refreshing, and what changes nothing about sessions is not', async () => {
    const { email, userId } = await newUser();
    const since = await now();
    const tokens = await app.logIn(email, password);
    await app.call(identity.refreshSession, { realmId: app.realmId, refreshToken: tokens.refreshToken });
    await app.call(identity.changeLoginEmail, { realmId: app.realmId, userId, email: `x${email}` });
    // What others ended may be told again, as long as any transaction of the server is older.
    expect((await poll(since)).sessionIds).not.toContain(sid(tokens));
  });

  it('is told however late the transaction commits that did it', async () => {
    const { email } = await newUser();
    const tokens = await app.logIn(email, password);
    let commit = () => undefined as void;
    const mayCommit = new Promise<void>((resolve) => (commit = resolve));
    let ended = () => undefined as void;
    const hasEnded = new Promise<void>((resolve) => (ended = resolve));
    const late = app.database.withTransaction(async (tx) => {
      await tx.execute('UPDATE sessions SET ended_at = now() WHERE session_id = $1', [sid(tokens)]);
      ended();
      await mayCommit;
    });
    await hasEnded;
    // Others are ended, and told, in the meantime.
    const other = await newUser();
    const otherTokens = await app.logIn(other.email, password);
    const before = await now();
    await app.setPassword(other.userId, 'another good password');
    const meanwhile = await poll(before);
    // Those of before may be told again, as long as any transaction of the server, another spec's too, is older.
    expect(meanwhile.sessionIds).toContain(sid(otherTokens));
    expect(meanwhile.sessionIds).not.toContain(sid(tokens));
    commit();
    await late;
    expect((await poll(meanwhile.next)).sessionIds).toContain(sid(tokens));
  });

  it('ends in forgetting everything when there is too much of it, or the database is another one', async () => {
    const { userId } = await newUser();
    const since = await now();
    await app.database.execute(
      `INSERT INTO sessions (realm_id, user_id, session_id, family_hash, refresh_hash, idle_expires_at, expires_at)
       SELECT $1, $2, gen_random_uuid(), '', '', now() + interval '1 day', now() + interval '1 day' FROM generate_series(1, 1001)`,
      [app.realmId, userId],
    );
    await app.call(identity.endAllSessions, { ...about(userId), keepSessionId: null });
    expect(await poll(since)).toMatchObject({ reset: true, sessionIds: [] });
    expect(await poll(null)).toMatchObject({ reset: true, sessionIds: [] });
    expect(await poll((await now()) + 1_000_000)).toMatchObject({ reset: true, sessionIds: [] });
    // Once no transaction of the server is older than what was too much.
    await eventually(async () => expect(await poll(await now())).toMatchObject({ reset: false, sessionIds: [] }));
  });

  it('is told for an hour', async () => {
    const { email } = await newUser();
    const { refreshToken } = await app.logIn(email, password);
    await app.call(identity.endSession, { realmId: app.realmId, refreshToken });
    await app.database.execute(`UPDATE revocations SET revoked_at = revoked_at - interval '61 minutes'`);
    await app.app.get(Sweep, { strict: false }).execute();
    expect(await app.database.query('SELECT 1 FROM revocations')).toEqual([]);
  });
});
