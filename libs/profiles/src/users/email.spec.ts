import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { identity, profiles, systemActor } from '#libs/contracts';
import { eventually } from '#libs/platform/testing';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';

let app: ProfilesUnderTest;
const realm = uuidv7();
let count = 0;
/** A uid that no other test uses. */
const newUid = () => `user${(count += 1)}`;

beforeAll(async () => {
  app = await profilesUnderTest();
});
beforeEach(() => {
  app.identity.asked.length = 0;
  app.identity.onChangeEmail = async () => ({ applied: true });
});

/** Somebody who logs in by the address. */
async function userWhoLogsIn(email: string) {
  const uid = newUid();
  const { user } = await app.upsert(realm, uid, { email });
  await app.call(profiles.beginLogin, { realmId: realm, userId: user.userId });
  return { uid, userId: user.userId };
}

describe('an email without full credentials', () => {
  const halfTrusted = { mayChangeEmail: false };

  it('can be set where there is none, and said again in any case, but not changed or removed', async () => {
    const uid = newUid();
    await app.upsert(realm, uid, { firstName: 'A' }, halfTrusted);
    expect((await app.upsert(realm, uid, { email: 'Ada@example.com' }, halfTrusted)).user).toMatchObject({ email: 'Ada@example.com', version: 2 });
    expect((await app.upsert(realm, uid, { email: 'Ada@example.com', firstName: 'B' }, halfTrusted)).user.version).toBe(3);
    expect((await app.upsert(realm, uid, { email: 'ADA@EXAMPLE.COM' }, halfTrusted)).user).toMatchObject({ email: 'Ada@example.com', version: 3 });
    for (const email of ['other@example.com', null, '']) {
      const failure = await app.failure(profiles.upsertUser, app.upsertRequest(realm, uid, { email, firstName: 'C' }, halfTrusted));
      expect(failure).toMatchObject({ kind: 'unauthenticated', code: 'email-change-forbidden' });
    }
    expect(await app.get(realm, uid)).toMatchObject({ email: 'Ada@example.com', firstName: 'B', version: 3 });
  });

  it('is not given to somebody who logs in, by a user name say: their password could be reset there', async () => {
    app.identity.onChangeEmail = async ({ contactOnly }) => (contactOnly === true ? { applied: false, refused: true } : { applied: true });
    const uid = newUid();
    const { user } = await app.upsert(realm, uid, { firstName: 'A' });
    await app.call(profiles.beginLogin, { realmId: realm, userId: user.userId });
    expect(await app.failure(profiles.upsertUser, app.upsertRequest(realm, uid, { email: 'mine@example.com', firstName: 'B' }, halfTrusted))).toMatchObject({ kind: 'unauthenticated', code: 'email-change-forbidden' });
    expect(await app.get(realm, uid)).toMatchObject({ email: null, firstName: 'A', version: 1 });
    expect((await app.upsert(realm, uid, { email: 'mine@example.com' })).user.email).toBe('mine@example.com');
  });

  it('may be anybody\'s: contact addresses repeat', async () => {
    await app.upsert(realm, newUid(), { email: 'shared@example.com' }, halfTrusted);
    expect((await app.upsert(realm, newUid(), { email: 'shared@example.com' }, halfTrusted)).created).toBe(true);
    expect(app.identity.asked).toEqual([]);
  });
});

describe('the email of somebody who logs in', () => {
  it('changes when identity agrees', async () => {
    const { uid, userId } = await userWhoLogsIn('one@example.com');
    const { user } = await app.upsert(realm, uid, { email: 'two@example.com', firstName: 'X' });
    expect(user).toMatchObject({ email: 'two@example.com', firstName: 'X', version: 2 });
    expect(app.identity.asked).toEqual([{ realmId: realm, userId, email: 'two@example.com' }]);
  });

  it('is not asked about when something else changes', async () => {
    const { uid } = await userWhoLogsIn('quiet@example.com');
    await app.upsert(realm, uid, { email: 'quiet@example.com', firstName: 'X' });
    expect(app.identity.asked).toEqual([]);
  });

  it.each([
    ['is another\'s', 'email-taken' as const, 'email-taken'],
    ['is needed', 'email-missing' as const, 'invalid-profile'],
  ])('stays, and everything else too, when identity says that it %s', async (_, code, expected) => {
    const { uid } = await userWhoLogsIn(`${newUid()}@example.com`);
    const before = await app.get(realm, uid);
    app.identity.onChangeEmail = async () => {
      throw identity.identityErrors.failure(code, 'no');
    };
    expect(await app.failure(profiles.upsertUser, app.upsertRequest(realm, uid, { email: null, firstName: 'X' }))).toMatchObject({ code: expected });
    expect(await app.get(realm, uid)).toEqual(before);
  });

  it('is refused for what profiles refuses before identity hears of it', async () => {
    const { uid } = await userWhoLogsIn('early@example.com');
    const attributes = Object.fromEntries([...Array(1_001).keys()].map((key) => [`k${key}`, 1]));
    expect(await app.failure(profiles.upsertUser, app.upsertRequest(realm, uid, { email: 'late@example.com', attributes }))).toMatchObject({ code: 'invalid-profile' });
    expect(await app.failure(profiles.upsertUser, app.upsertRequest(realm, uid, { email: 'late@example.com' }, { mayChangeEmail: false }))).toMatchObject({ code: 'email-change-forbidden' });
    expect(app.identity.asked).toEqual([]);
  });

  it('does not hold up others while identity thinks', async () => {
    const { uid } = await userWhoLogsIn('slow@example.com');
    let agree = (_: { applied: boolean }): void => undefined;
    app.identity.onChangeEmail = () => new Promise((resolve) => (agree = resolve));
    const waiting = app.upsert(realm, uid, { email: 'slower@example.com' });
    await eventually(() => expect(app.identity.asked).toHaveLength(1));
    expect((await app.upsert(realm, newUid(), { email: 'quick@example.com' })).created).toBe(true);
    expect((await app.upsert(realm, uid, { firstName: 'Y' })).user).toMatchObject({ email: 'slow@example.com', firstName: 'Y' });
    agree({ applied: true });
    expect((await waiting).user).toMatchObject({ email: 'slower@example.com', firstName: 'Y' });
  });
});

describe('an email of which identity tells before it is written', () => {
  it('is the change of whoever asked for it', async () => {
    const { uid, userId } = await userWhoLogsIn('first@example.com');
    app.identity.onChangeEmail = async ({ email }) => {
      await app.call(profiles.applyLoginState, { realmId: realm, users: [{ userId, version: 2, userName: null, loginEmail: email, isActive: true, canLogIn: true }] });
      expect(await app.get(realm, uid)).toMatchObject({ email, modifiedBy: systemActor.id });
      return { applied: true };
    };
    const { user } = await app.upsert(realm, uid, { email: 'second@example.com' }, { actor: { type: 'credential', id: 'key-7' } });
    expect(user).toMatchObject({ email: 'second@example.com', modifiedBy: 'key-7' });
    expect(await app.get(realm, uid)).toEqual(user);
    expect((await app.outbox<{ userId: string; version: number; facts: string[] }>('profiles.user.changed')).filter((data) => data.userId === userId).at(-1)).toMatchObject({ version: user.version, facts: ['email'] });
  });
});

describe('a login that begins while the email changes', () => {
  it('either learns the new email, or identity is asked about it', async () => {
    const users = await Promise.all([...Array(60).keys()].map(async (n) => (await app.upsert(realm, newUid(), { email: `old${n}@example.com` })).user));
    const learnt = await Promise.all(
      users.map(async ({ userId, uid }, n) => {
        const [begun] = await Promise.all([app.call(profiles.beginLogin, { realmId: realm, userId }), app.upsert(realm, uid, { email: `new${n}@example.com` })]);
        return begun.email;
      }),
    );
    const asked = new Set(app.identity.asked.map(({ userId }) => userId));
    users.forEach(({ userId }, n) => expect(asked.has(userId) ? `old${n}@example.com` : `new${n}@example.com`).toBe(learnt[n]));
  });

  it('is seen by an upsert that waited for it', async () => {
    const uid = newUid();
    const { user } = await app.upsert(realm, uid, { email: 'before@example.com' });
    const held = await app.database.connect();
    try {
      await held.query('BEGIN');
      await held.query('SELECT FROM users WHERE user_id = $1 FOR UPDATE', [user.userId]);
      const waiting = app.upsert(realm, uid, { email: 'after@example.com' });
      await eventually(async () => {
        const [waits] = await app.database.query<{ count: number }>(`SELECT count(*) AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`);
        expect(waits!.count).toBe(1);
      });
      await held.query('UPDATE directory SET can_log_in = true WHERE realm_id = $1 AND user_id = $2', [realm, user.userId]);
      await held.query('COMMIT');
      await waiting;
      expect(app.identity.asked).toEqual([{ realmId: realm, userId: user.userId, email: 'after@example.com' }]);
    } finally {
      held.release();
    }
  });
});
