import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { profiles, systemActor } from '#libs/contracts';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';

describe('what identity agreed to', () => {
  let app: ProfilesUnderTest;
  let realm: string;
  let userId: string;
  /** What identity holds of the user; it tells of it when a spec says so. */
  let login: { email: string | null; version: number };
  /** Between identity's agreement to the first change and the answer. */
  let meanwhile: () => Promise<unknown>;
  beforeAll(async () => {
    app = await profilesUnderTest();
  });
  beforeEach(async () => {
    realm = uuidv7();
    ({ userId } = (await app.upsert(realm, 'u')).user);
    login = { email: null, version: 1 };
    await tell();
    let first = true;
    app.identity.asked.length = 0;
    app.identity.onChangeEmail = async ({ email }) => {
      if (login.email !== email) login = { email, version: login.version + 1 };
      if (first) {
        first = false;
        await meanwhile();
      }
      return { applied: true };
    };
  });

  const tell = () => app.call(profiles.applyLoginState, { realmId: realm, users: [{ userId, version: login.version, userName: 'u', loginEmail: login.email, isActive: true, canLogIn: true }] });
  const asked = () => app.identity.asked.map(({ email }) => email);
  const emailOf = async (uid: string) => (await app.get(realm, uid)).email;
  const someoneElseWrites = () => app.upsert(realm, 'u', { email: 'b@example.com' });

  const writers = {
    'an upsert': async () => (await app.upsert(realm, 'u', { email: 'a@example.com' })).user.email,
    'a batch': async () => (await app.call(profiles.upsertUsers, { realmId: realm, declaredOnly: true, users: [{ newUserId: uuidv7(), externalId: 'u', patch: { email: 'a@example.com' } }], actor: systemActor })).users[0]!.email,
    'an import': async () => {
      const [result] = (await app.call(profiles.importUsers, { realmId: realm, users: [{ newUserId: userId, patch: { email: 'a@example.com' } }], actor: systemActor })).results;
      return 'email' in result! ? result.email : result;
    },
  };

  describe.each(Object.entries(writers))('when %s asked', (_, write) => {
    it('is asked for again once identity has told of a later change by somebody else', async () => {
      meanwhile = async () => {
        await someoneElseWrites();
        await tell();
      };
      expect(await write()).toBe('a@example.com');
      expect(asked()).toEqual(['a@example.com', 'b@example.com', 'a@example.com']);
      await tell();
      expect([await emailOf('u'), login.email]).toEqual(['a@example.com', 'a@example.com']);
    });

    it('holds while identity has told of nothing, and what it tells then corrects it', async () => {
      meanwhile = someoneElseWrites;
      expect(await write()).toBe('a@example.com');
      expect(asked()).toEqual(['a@example.com', 'b@example.com']);
      await tell();
      expect([await emailOf('u'), login.email]).toEqual(['b@example.com', 'b@example.com']);
    });

    it('needs no further word when identity has told of it itself', async () => {
      meanwhile = tell;
      expect(await write()).toBe('a@example.com');
      expect(asked()).toEqual(['a@example.com']);
    });
  });

  it('when users are merged is asked for again where the source has another email by now', async () => {
    await app.upsert(realm, 'src', { email: 'x@example.com' });
    meanwhile = () => app.upsert(realm, 'src', { email: 'y@example.com' });
    const { user } = await app.call(profiles.mergeUsers, { realmId: realm, source: { uid: 'src' }, destination: { uid: 'u' }, erasureId: uuidv7(), actor: systemActor });
    expect(asked()).toEqual(['x@example.com', 'y@example.com']);
    await tell();
    expect([user.email, await emailOf('u'), login.email]).toEqual(Array(3).fill('y@example.com'));
  });

  it('when users are merged is asked for again once identity has told that the destination has lost what it gained', async () => {
    await app.upsert(realm, 'src', { email: 'x@example.com' });
    meanwhile = async () => {
      login = { email: null, version: login.version + 1 };
      await tell();
    };
    await app.call(profiles.mergeUsers, { realmId: realm, source: { uid: 'src' }, destination: { uid: 'u' }, erasureId: uuidv7(), actor: systemActor });
    expect(asked()).toEqual(['x@example.com', 'x@example.com']);
    await tell();
    expect([await emailOf('u'), login.email]).toEqual(['x@example.com', 'x@example.com']);
  });

  it('is not asked for again without end: who changes the email faster than that has the writer try later', async () => {
    app.identity.onChangeEmail = async ({ email }) => {
      login = { email, version: login.version + 1 };
      await tell();
      login = { email: `b${login.version}@example.com`, version: login.version + 1 };
      await tell();
      return { applied: true };
    };
    expect(await app.failure(profiles.upsertUser, app.upsertRequest(realm, 'u', { email: 'a@example.com' }))).toMatchObject({ code: 'service-unavailable', retryAfter: 1 });
    expect(await emailOf('u')).toBe(login.email);
  });
});
