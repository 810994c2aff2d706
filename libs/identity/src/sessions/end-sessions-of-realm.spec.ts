import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { identity, staffRealmId, systemActor } from '#libs/contracts';
import { claimsOf, failureOf, IdentityApp } from '../spec-support/identity-app.js';

describe('all sessions of a realm', () => {
  let app: IdentityApp;
  const password = 'correct horse battery';
  const endAll = (realmId: string) => app.call(identity.endSessionsOfRealm, { realmId, actor: systemActor });
  const told = async () => (await app.database.query<{ userId: string; ids: string[] }>(`SELECT data->>'userId' AS "userId", data->'sessionIds' AS ids FROM outbox WHERE type = 'identity.sessions.ended' AND data->>'realmId' = $1`, [app.realmId])).map(({ userId, ids }) => [userId, ids.sort()]);
  const audited = async () => (await app.database.query<{ action: string; of: string }>(`SELECT action, target_id AS of FROM audit_entries WHERE action LIKE '%.sessions-ended' ORDER BY entry_id`)).map(({ action, of }) => [action, of]);

  beforeAll(async () => {
    app = await IdentityApp.start();
  });

  /** Sessions of people who never logged in: as many as are needed. */
  async function sessionsOf(realmId: string, count: number): Promise<void> {
    await app.database.execute(
      `INSERT INTO sessions (realm_id, user_id, session_id, family_hash, refresh_hash, idle_expires_at, expires_at)
       SELECT $1, gen_random_uuid(), gen_random_uuid(), '', '', now() + interval '1 day', now() + interval '1 day' FROM generate_series(1, $2)`,
      [realmId, count],
    );
  }
  const goingOn = async (realmId: string) => (await app.database.query<{ count: number }>('SELECT count(*) AS count FROM sessions WHERE realm_id = $1 AND ended_at IS NULL', [realmId]))[0]!.count;

  it('end at once, with their tokens; whoever has one is told of once, and the trail has who did it', async () => {
    const people = await Promise.all([1, 2].map(async (n) => {
      const email = `person${n}@example.com`;
      const userId = await app.user(email, password);
      return { userId, tokens: [await app.logIn(email, password), await app.logIn(email, password)] };
    }));
    const { next } = await app.call(identity.pollRevocations, { since: null });
    expect(await endAll(app.realmId)).toEqual({ ended: 4, more: false });
    for (const tokens of people.flatMap((one) => one.tokens)) {
      expect(await app.sessionIsActive(tokens)).toBe(false);
      expect(await failureOf(app.call(identity.refreshSession, { realmId: app.realmId, refreshToken: tokens.refreshToken }))).toMatchObject({ code: 'refresh-token-invalid' });
      expect((await app.call(identity.pollRevocations, { since: next })).sessionIds).toContain(claimsOf(tokens.accessToken).sid);
    }
    expect((await told()).sort()).toEqual(people.map(({ userId, tokens }) => [userId, tokens.map(({ accessToken }) => claimsOf(accessToken).sid as string).sort()]).sort());
    expect(await audited()).toEqual([['project.sessions-ended', app.realmId]]);
    // The same again has nothing to do, and leaves nothing behind.
    expect(await endAll(app.realmId)).toEqual({ ended: 0, more: false });
    expect([await told(), await audited()].map(({ length }) => length)).toEqual([2, 1]);
    expect((await app.logIn('person1@example.com', password)).step).toBe('done');
  });

  it('are one row of the trail for who asks once, however many they are', async () => {
    const realmId = randomUUID();
    await sessionsOf(realmId, 1_100);
    // On a slow machine it is not done with all of them in the time that one call takes at the most.
    const answers = [await endAll(realmId)];
    while (answers.at(-1)!.more) answers.push(await endAll(realmId));
    expect(answers.reduce((sum, { ended }) => sum + ended, 0)).toBe(1_100);
    const asked = answers.filter(({ ended }) => ended > 0);
    expect((await audited()).filter(([, of]) => of === realmId)).toEqual(asked.map(() => ['project.sessions-ended', realmId]));
  });

  it('are those of nobody else, and all of them, also when there are many and two end them at once', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    await sessionsOf(one, 1_300);
    await sessionsOf(other, 3);
    await sessionsOf(staffRealmId, 2);
    const answers = await Promise.all([endAll(one), endAll(one)]);
    while (answers.at(-1)!.more) answers.push(await endAll(one));
    expect(answers.reduce((sum, { ended }) => sum + ended, 0)).toBe(1_300);
    expect([await goingOn(one), await goingOn(other), await goingOn(staffRealmId)]).toEqual([0, 3, 2]);
    // One row of each who asked, however many there were.
    expect((await audited()).filter(([, of]) => of === one).length).toBeLessThanOrEqual(answers.length);
    expect(await endAll(staffRealmId)).toEqual({ ended: 2, more: false });
    expect([await goingOn(other), await goingOn(staffRealmId)]).toEqual([3, 0]);
    expect((await audited()).at(-1)).toEqual(['staff.sessions-ended', staffRealmId]);
  });
});
