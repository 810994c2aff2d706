import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { identity } from '#libs/contracts';
import { formatKey, randomSecret } from '../keys/key-string.js';
import { claimsOf, failureOf, IdentityApp } from '../spec-support/identity-app.js';
import { Sweep } from '../upkeep/sweep.js';
import { SessionStarter } from './session-starter.js';

describe('a session', () => {
  let app: IdentityApp;
  let userId: string;
  const password = 'correct horse battery';

  beforeAll(async () => {
    app = await IdentityApp.start();
    userId = await app.user('ada@example.com', password);
  });

  const logIn = () => app.logIn('ada@example.com', password);
  const refresh = (refreshToken: string, on = app) => on.call(identity.refreshSession, { realmId: app.realmId, refreshToken });
  const refusal = (refreshToken: string) => failureOf(refresh(refreshToken));
  const invalid = { kind: 'unauthenticated', code: 'refresh-token-invalid', message: 'The refresh token is not valid: log in again.' };
  const sid = (tokens: identity.IssuedTokens) => claimsOf(tokens.accessToken).sid as string;
  /** What other services hear of the end of a session. */
  const told = async (tokens: identity.IssuedTokens) => (await app.database.query<{ data: object }>(`SELECT data FROM outbox WHERE type = 'identity.sessions.ended' AND data->'sessionIds' ? $1 ORDER BY sequence`, [sid(tokens)])).map(({ data }) => data);
  /** As if the last use were so long ago. */
  const age = (tokens: identity.IssuedTokens, span: string) =>
    app.database.execute(`UPDATE sessions SET rotated_at = rotated_at - $2::interval, idle_expires_at = idle_expires_at - $2::interval, expires_at = expires_at - $2::interval WHERE session_id = $1`, [sid(tokens), span]);

  it('goes on with each refresh, under new tokens', async () => {
    const first = await logIn();
    let last: identity.IssuedTokens = first;
    for (let round = 0; round < 4; round += 1) {
      const next = await refresh(last.refreshToken);
      expect(next.refreshToken).not.toBe(last.refreshToken);
      expect(next.userId).toBe(userId);
      expect(sid(next)).toBe(sid(first));
      last = next;
    }
    expect(await app.sessionIsActive(last)).toBe(true);
  });

  it('keeps hashes of refresh tokens only', async () => {
    const { refreshToken } = await refresh((await logIn()).refreshToken);
    const [row] = await app.database.query<{ all: string }>(`SELECT string_agg(s::text, ' ') AS all FROM sessions s`);
    expect(row!.all).not.toContain('rc_');
    const secret = refreshToken.split('_')[3]!;
    expect(row!.all).not.toContain(Buffer.from(secret).toString('hex'));
  });

  describe('whose spent refresh token is shown again', () => {
    it('gives the same child within 10 s, since the answer may have been lost', async () => {
      const { refreshToken } = await logIn();
      const child = await refresh(refreshToken);
      const again = await refresh(refreshToken);
      expect(again.refreshToken).toBe(child.refreshToken);
      await age(child, '9 seconds');
      expect((await refresh(refreshToken)).refreshToken).toBe(child.refreshToken);
      expect(await refresh(child.refreshToken)).toMatchObject({ userId });
    });

    it('ends after 10 s, for the thief and for the owner', async () => {
      const { refreshToken } = await logIn();
      const child = await refresh(refreshToken);
      await age(child, '10.1 seconds');
      expect(await refusal(refreshToken)).toEqual(invalid);
      expect(await refusal(child.refreshToken)).toEqual(invalid);
      expect(await app.sessionIsActive(child)).toBe(false);
    });

    it('ends at once when the child has been used', async () => {
      const { refreshToken } = await logIn();
      const child = await refresh(refreshToken);
      const grandchild = await refresh(child.refreshToken);
      expect(await refusal(refreshToken)).toEqual(invalid);
      expect(await refusal(grandchild.refreshToken)).toEqual(invalid);
      expect(await app.sessionIsActive(grandchild)).toBe(false);
      expect(await app.database.query('SELECT end_reason AS reason FROM sessions WHERE session_id = $1', [sid(grandchild)])).toEqual([{ reason: 'token-reused' }]);
      expect(await told(grandchild)).toEqual([{ realmId: app.realmId, userId, sessionIds: [sid(grandchild)], reason: 'token-reused' }]);
      expect(app.log.records).toContainEqual(expect.objectContaining({ userId, sessionId: sid(grandchild), msg: expect.stringContaining('was shown again') }));
    });

    it('leaves the user\'s other sessions alone', async () => {
      const [stolen, other] = [await logIn(), await logIn()];
      await refresh((await refresh(stolen.refreshToken)).refreshToken);
      await refusal(stolen.refreshToken);
      expect(await app.sessionIsActive(stolen)).toBe(false);
      expect(await app.sessionIsActive(other)).toBe(true);
    });
  });

  it('is not taken for stolen by any of 1,000 lost answers that are asked for again within 10 s, on any replica', async () => {
    const replica = await IdentityApp.start({ databaseUrl: app.databaseUrl });
    const starter = app.app.get(SessionStarter, { strict: false });
    const sessions = Array.from({ length: 1_000 }, () => starter.prepare({ realmId: app.realmId, userId, address: null, userAgent: null }));
    for (let first = 0; first < sessions.length; first += 100) {
      await app.database.withTransaction(async (tx) => {
        for (const session of sessions.slice(first, first + 100)) await session.save(tx);
      });
    }
    const wrong: string[] = [];
    const losesAnswers = async (place: number, { refreshToken, ...tokens }: identity.IssuedTokens) => {
      const child = refresh(refreshToken, place % 2 === 0 ? app : replica);
      // Some don't even wait for the first to come to its end.
      if (place % 3 !== 0) await child;
      const again = await refresh(refreshToken, place % 2 === 0 ? replica : app);
      if (again.refreshToken !== (await child).refreshToken || sid(again) !== sid({ refreshToken, ...tokens })) wrong.push(refreshToken);
      if (place % 10 === 0) await refresh(again.refreshToken);
    };
    const waiting = [...sessions.entries()];
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) await losesAnswers(next[0], next[1].tokens);
      }),
    );
    expect(wrong).toEqual([]);
    const states = await app.database.query('SELECT count(*) AS count, count(*) FILTER (WHERE ended_at IS NULL) AS "goOn" FROM sessions WHERE session_id = ANY ($1::uuid[])', [sessions.map(({ sessionId }) => sessionId)]);
    expect(states).toEqual([{ count: 1_000, goOn: 1_000 }]);
  });

  it('gives all who refresh at once with one token the same child, on every replica', async () => {
    const replica = await IdentityApp.start({ databaseUrl: app.databaseUrl });
    const { refreshToken } = await logIn();
    const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => refresh(refreshToken, index % 2 === 0 ? app : replica)));
    expect(new Set(answers.map((answer) => answer.refreshToken)).size).toBe(1);
    expect(await refresh(answers[0]!.refreshToken)).toMatchObject({ userId });
  });

  it('is not ended by a token that somebody made up from its id, which is in every access token', async () => {
    const tokens = await logIn();
    const madeUp = formatKey({ kind: 'refresh', id: sid(tokens), secret: randomSecret(16) + randomSecret() });
    expect(await refusal(madeUp)).toEqual(invalid);
    await app.call(identity.endSession, { realmId: app.realmId, refreshToken: madeUp });
    expect(await app.sessionIsActive(tokens)).toBe(true);
    expect(await refresh(tokens.refreshToken)).toMatchObject({ userId });
  });

  it('is not refreshed in another realm, nor by anything that is no refresh token', async () => {
    const { refreshToken, accessToken } = await logIn();
    expect(await app.failure(identity.refreshSession, { realmId: randomUUID(), refreshToken })).toEqual(invalid);
    for (const wrong of ['', accessToken.slice(0, 500), `${refreshToken}x`, refreshToken.replace('rc_refresh', 'rc_admin')]) expect(await refusal(wrong)).toEqual(invalid);
    expect(await refresh(refreshToken)).toMatchObject({ userId });
  });

  it('ends by logging out, with the current refresh token or a spent one; twice is no error', async () => {
    const first = await logIn();
    const second = await logIn();
    const spent = first.refreshToken;
    const { refreshToken } = await refresh(spent);
    await app.call(identity.endSession, { realmId: app.realmId, refreshToken: spent });
    expect(await app.sessionIsActive(first)).toBe(false);
    expect(await refusal(refreshToken)).toEqual(invalid);
    await app.call(identity.endSession, { realmId: app.realmId, refreshToken });
    expect(await told(first)).toEqual([{ realmId: app.realmId, userId, sessionIds: [sid(first)], reason: 'logged-out' }]);
    await app.call(identity.endSession, { realmId: app.realmId, refreshToken: 'nonsense' });
    await app.call(identity.endSession, { realmId: randomUUID(), refreshToken: second.refreshToken });
    expect(await app.sessionIsActive(second)).toBe(true);
  });

  it('ends after 14 days without use, and after 90 days in any case', async () => {
    const idle = await logIn();
    await age(idle, '14 days 1 second');
    expect(await app.sessionIsActive(idle)).toBe(false);
    expect(await refusal(idle.refreshToken)).toEqual(invalid);

    let used: identity.IssuedTokens = await logIn();
    for (let round = 0; round < 6; round += 1) {
      await age(used, '13 days');
      used = await refresh(used.refreshToken);
    }
    await age(used, '11 days 23 hours');
    expect(await app.sessionIsActive(used)).toBe(true);
    await age(used, '1 hour 1 second');
    expect(await app.sessionIsActive(used)).toBe(false);
    expect(await refusal(used.refreshToken)).toEqual(invalid);
  });

  it('takes its times from the configuration', async () => {
    const short = await IdentityApp.start({ databaseUrl: app.databaseUrl, environment: { ACCESS_TOKEN_TTL: '5m', REFRESH_TOKEN_IDLE_TTL: '1h', REFRESH_TOKEN_TTL: '2h' } });
    const tokens = await short.logIn('ada@example.com', password, { realmId: app.realmId });
    const claims = claimsOf(tokens.accessToken);
    expect((claims.exp as number) - (claims.iat as number)).toBe(300);
    const [row] = await app.database.query('SELECT extract(epoch FROM idle_expires_at - created_at)::int AS idle, extract(epoch FROM expires_at - created_at)::int AS total FROM sessions WHERE session_id = $1', [sid(tokens)]);
    expect(row).toEqual({ idle: 3600, total: 7200 });
  });

  it('that never was is inactive', async () => {
    expect(await app.call(identity.checkSession, { sessionId: randomUUID() })).toEqual({ active: false, forSeconds: 0 });
  });

  it('is swept a day after its end, and its sealed child after 10 s', async () => {
    const sweep = app.app.get(Sweep, { strict: false });
    const rows = async (tokens: identity.IssuedTokens) => app.database.query<{ sealed: boolean }>('SELECT sealed_child IS NOT NULL AS sealed FROM sessions WHERE session_id = $1', [sid(tokens)]);
    const tokens = await refresh((await logIn()).refreshToken);
    await sweep.execute();
    expect(await rows(tokens)).toEqual([{ sealed: true }]);
    await age(tokens, '11 seconds');
    await sweep.execute();
    expect(await rows(tokens)).toEqual([{ sealed: false }]);
    await app.call(identity.endSession, { realmId: app.realmId, refreshToken: tokens.refreshToken });
    await age(tokens, '23 hours');
    await sweep.execute();
    expect(await rows(tokens)).toHaveLength(1);
    await age(tokens, '1 hour');
    await sweep.execute();
    expect(await rows(tokens)).toEqual([]);
  });
});
