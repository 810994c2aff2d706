import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { profiles, systemActor } from '#libs/contracts';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';

let app: ProfilesUnderTest;
beforeAll(async () => {
  app = await profilesUnderTest();
});

const user = (externalId: string, patch: profiles.ProfilePatch = {}) => ({ newUserId: uuidv7(), externalId, patch });
const event = (uid: string, id: string) => ({ uid, event: { id, event: 'Paid', value: null, properties: {} } });

async function erase(realmId: string, uid: string): Promise<void> {
  await app.upsert(realmId, uid);
  await app.call(profiles.hideUsers, { realmId, erasureId: uuidv7(), users: [{ uid }], requestedBy: 'spec' });
}
async function counted(table: 'users' | 'user_events', realmId: string): Promise<number> {
  return (await app.database.query<{ rows: number }>(`SELECT count(*)::integer AS rows FROM ${table} WHERE realm_id = $1`, [realmId]))[0]!.rows;
}

describe('users from a file', () => {
  it('are written each for itself, tried out alike without a trace, and written again to the same answer', async () => {
    const realmId = uuidv7();
    await app.upsert(realmId, 'present', { email: 'before@example.com' });
    await erase(realmId, 'erased');
    const users = [user('new', { email: 'new@example.com' }), user('present', { email: 'after@example.com' }), user('erased'), user('wrong', { attributes: { email: 'x' } }), user('listless', { lists: [uuidv7()] })];
    const load = (checkOnly: boolean) => app.call(profiles.loadUsers, { realmId, users, checkOnly, actor: systemActor });
    const before = await counted('users', realmId);
    const tried = await load(true);
    expect(tried.results).toMatchObject([{ written: 'created' }, { written: 'updated' }, { failure: { code: 'user-erased' } }, { failure: { code: 'invalid-profile', details: [{ path: 'attributes.email' }] } }, { failure: { code: 'invalid-profile', details: [{ path: 'lists[0]' }] } }]);
    expect([await counted('users', realmId), (await app.get(realmId, 'present')).email]).toEqual([before, 'before@example.com']);
    expect(await load(false)).toEqual(tried);
    expect([await counted('users', realmId), (await app.get(realmId, 'present')).email]).toEqual([before + 1, 'after@example.com']);
    const told = await app.outbox('profiles.user.changed');
    expect(await load(false)).toEqual(tried);
    expect(await app.outbox('profiles.user.changed')).toEqual(told);
  });

  it('who log in have their email changed where identity agrees', async () => {
    const realmId = uuidv7();
    const { userId } = (await app.upsert(realmId, 'entrant', { email: 'one@example.com' })).user;
    await app.database.query('UPDATE directory SET can_log_in = true WHERE user_id = $1', [userId]);
    const users = [user('entrant', { email: 'two@example.com' }), user('other')];
    expect(await app.call(profiles.loadUsers, { realmId, users, checkOnly: false, actor: systemActor })).toEqual({ results: [{ written: 'updated' }, { written: 'created' }] });
    expect(app.identity.asked).toContainEqual({ realmId, userId, email: 'two@example.com' });
  });
});

describe('events from a file', () => {
  it('are stored each for itself and once; the same batch again says what it said at first', async () => {
    const realmId = uuidv7();
    await app.upsert(realmId, 'u1');
    await erase(realmId, 'erased');
    await app.track(realmId, 'u1', { id: 'known' });
    const events = [event('u1', 'a'), event('u1', 'known'), event('nobody', 'b'), event('erased', 'c'), event('u1', 'nul\0')];
    const load = (checkOnly: boolean, importId: string) => app.call(profiles.loadEvents, { realmId, importId, batch: 1, events, checkOnly });
    const importId = uuidv7();
    const tried = await load(true, importId);
    expect(tried.results).toMatchObject([{ stored: 'now' }, { stored: 'before' }, { failure: { code: 'user-not-found' } }, { failure: { code: 'user-erased' } }, { failure: { code: 'invalid-event' } }]);
    expect(await counted('user_events', realmId)).toBe(1);
    expect(await load(false, importId)).toEqual(tried);
    expect(await load(false, importId)).toEqual(tried);
    expect(await counted('user_events', realmId)).toBe(2);
    // Another import of the same finds them there.
    expect((await load(false, uuidv7())).results.slice(0, 2)).toEqual([{ stored: 'before' }, { stored: 'before' }]);
  });

  it('are all there when the whole of a batch comes again after a part of it, which begins where it does', async () => {
    const realmId = uuidv7();
    await app.upsert(realmId, 'u1');
    const events = ['a', 'b', 'c', 'd'].map((id) => event('u1', id));
    const load = (count: number, isPart: boolean) => app.call(profiles.loadEvents, { realmId, importId, batch: 1, isPart, events: events.slice(0, count), checkOnly: false });
    const importId = uuidv7();
    const stored = (...all: ('now' | 'before')[]) => ({ results: all.map((one) => ({ stored: one })) });
    expect(await load(1, true)).toEqual(stored('now'));
    expect(await load(2, true)).toEqual(stored('before', 'now'));
    expect(await load(2, true)).toEqual(stored('before', 'now'));
    expect(await load(4, false)).toEqual(stored('before', 'before', 'now', 'now'));
    expect(await counted('user_events', realmId)).toBe(4);
  });
});
