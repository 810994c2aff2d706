import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { profiles } from '#libs/contracts';
import { eventually } from '#libs/platform/testing';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';

let app: ProfilesUnderTest;
/** Another process over the same database. */
let replica: ProfilesUnderTest;
beforeAll(async () => {
  app = await profilesUnderTest();
  replica = await profilesUnderTest(app.serverUrl);
});

const range = (count: number) => [...Array(count).keys()];

/** How many transactions the outbox rows of these users came from. */
async function commitsOf(realmId: string): Promise<number> {
  const [row] = await app.database.query<{ commits: number }>(`SELECT count(DISTINCT xmin::text) AS commits FROM users WHERE realm_id = $1`, [realmId]);
  return row!.commits;
}

describe('upserts that arrive together', () => {
  it('are written in few commits, each answered with its own user', async () => {
    const realm = uuidv7();
    const answers = await Promise.all(range(200).map((n) => app.upsert(realm, `u${n}`, { firstName: `name ${n}`, attributes: { n } })));
    answers.forEach(({ created, user }, n) => {
      expect(created).toBe(true);
      expect(user).toMatchObject({ uid: `u${n}`, firstName: `name ${n}`, attributes: { n }, version: 1 });
    });
    expect(new Set(answers.map(({ user }) => user.userId)).size).toBe(200);
    expect(await commitsOf(realm)).toBeLessThan(20);
    const events = await app.outbox<{ realmId: string; userId: string }>('profiles.user.changed');
    expect(new Set(events.filter(({ realmId }) => realmId === realm).map(({ userId }) => userId)).size).toBe(200);
  });

  it('lose nothing on one user, from two processes at once: every change is one version', async () => {
    const realm = uuidv7();
    const answers = await Promise.all(range(200).map((n) => (n % 2 === 0 ? app : replica).upsert(realm, 'one', { attributes: { [`k${n}`]: n } })));
    const user = await app.get(realm, 'one');
    expect(user.attributes).toEqual(Object.fromEntries(range(200).map((n) => [`k${n}`, n])));
    expect(user.version).toBe(200);
    expect(answers.map(({ user: { version } }) => version).sort((a, b) => a - b)).toEqual(range(200).map((n) => n + 1));
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(answers.map(({ user: { userId } }) => userId)).size).toBe(1);
    // What each was told is what there was after its own change.
    for (const [n, { user: seen }] of answers.entries()) {
      expect(seen.attributes[`k${n}`]).toBe(n);
      expect(Object.keys(seen.attributes)).toHaveLength(seen.version);
    }
  });

  it('of many users in any order from two processes neither stop each other nor fail', async () => {
    const realm = uuidv7();
    const shuffled = (seed: number) => range(40).sort((a, b) => ((a * 7 + seed) % 41) - ((b * 7 + seed) % 41));
    const rounds = range(5).flatMap((round) => [app, replica].flatMap((side, n) => shuffled(round * 2 + n).map((u) => side.upsert(realm, `u${u}`, { attributes: { [`${round}.${n}`]: true } }))));
    await Promise.all(rounds);
    for (const u of range(40)) expect(await app.get(realm, `u${u}`)).toMatchObject({ version: 10 });
  });

  it('keep the order of a caller who waits, and the order of arrival of those who do not', async () => {
    const realm = uuidv7();
    void app.upsert(realm, 'busy'); // holds up the next ones, so that they come in one group
    const answers = await Promise.all(range(20).map((n) => app.upsert(realm, 'ordered', { attributes: { last: n } })));
    expect(answers.map(({ user }) => [user.version, user.attributes['last']])).toEqual(range(20).map((n) => [n + 1, n]));
    expect((await app.get(realm, 'ordered')).attributes['last']).toBe(19);
  });

  it('fail by themselves: refused ones, and one that Postgres itself refuses, leave their neighbours alone', async () => {
    const realm = uuidv7();
    await app.upsert(realm, 'fixed', { email: 'a@example.com' });
    // A rule that nothing in front of the database knows, so that the statement fails as a whole.
    await app.database.query(`ALTER TABLE users ADD CONSTRAINT spec_poison CHECK (notes <> 'poison')`);
    try {
      const request = (n: number) => {
        if (n % 50 === 10) return app.upsertRequest(realm, `u${n}`, { notes: 'poison' });
        if (n % 50 === 20) return app.upsertRequest(realm, 'fixed', { email: 'b@example.com', phone: '1' }, { mayChangeEmail: false });
        return app.upsertRequest(realm, `u${n}`, { notes: 'fine' });
      };
      const results = await Promise.allSettled(range(200).map((n) => app.call(profiles.upsertUser, request(n))));
      results.forEach((result, n) => {
        if (n % 50 === 10) expect(String((result as PromiseRejectedResult).reason)).toContain('internal-error');
        else if (n % 50 === 20) expect(String((result as PromiseRejectedResult).reason)).toContain('email-change-forbidden');
        else expect(result).toMatchObject({ status: 'fulfilled', value: { created: true, user: { uid: `u${n}` } } });
      });
      const [stored] = await app.database.query<{ users: number }>('SELECT count(*) AS users FROM users WHERE realm_id = $1', [realm]);
      expect(stored!.users).toBe(200 - 8 + 1);
      expect(await app.get(realm, 'fixed')).toMatchObject({ email: 'a@example.com', phone: null, version: 1 });
    } finally {
      await app.database.query('ALTER TABLE users DROP CONSTRAINT spec_poison');
    }
  });

  it('survive the loss of every connection: what was answered is there', async () => {
    const realm = uuidv7();
    const attempts = range(300).map(async (n) => {
      await new Promise((resolve) => setTimeout(resolve, n));
      return app.upsert(realm, `u${n}`).then(() => n, (error: Error) => error.message);
    });
    const killer = replica.database.query(`SELECT pg_sleep(0.1), pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`);
    await killer.catch(() => undefined);
    const answers = await Promise.all(attempts);
    // The pool may still hand out a connection that was cut off and doesn't know it yet.
    const rows = await eventually(() => app.database.query<{ uid: string }>('SELECT external_id AS uid FROM users WHERE realm_id = $1', [realm]));
    const there = new Set(rows.map(({ uid }) => uid));
    for (const n of answers.filter((answer) => typeof answer === 'number')) expect(there).toContain(`u${n}`);
    for (const message of answers.filter((answer) => typeof answer === 'string')) expect(message).toContain('service-unavailable');
    expect((await eventually(() => app.upsert(realm, 'after'))).user.externalId).toBe('after');
  });
});
