import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { profiles, systemActor } from '#libs/contracts';
import { eventually } from '#libs/platform/testing';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';

let app: ProfilesUnderTest;
beforeAll(async () => {
  app = await profilesUnderTest();
});

const merge = (realmId: string, source: string, destination: string) => app.call(profiles.mergeUsers, { realmId, source: { uid: source }, destination: { uid: destination }, erasureId: uuidv7(), actor: systemActor });
const join = (realmId: string, uid: string, account: string) => app.call(profiles.joinAccounts, { realmId, user: { uid }, accounts: [{ account: { uid: account }, role: 'guest' }], actor: systemActor });
const place = (realmId: string, uid: string, account: string) => ({ realmId, user: { uid }, account: { uid: account }, actor: systemActor });
const accountsOf = async (realmId: string, uid: string) => (await app.get(realmId, uid)).accounts;

/** Until at least so many sessions wait for locks. */
const waiting = (count: number) =>
  eventually(async () => {
    const [row] = await app.database.query<{ sessions: number }>(`SELECT count(*) AS sessions FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`);
    expect(row!.sessions).toBeGreaterThanOrEqual(count);
  });

/** Runs statements in a transaction, does `work`, and commits once so many sessions wait for it. */
async function whileHeld<T>(statements: readonly (readonly [text: string, parameters: readonly unknown[]])[], waiters: number, work: () => Promise<T>): Promise<T> {
  const held = await app.database.connect();
  try {
    await held.query('BEGIN');
    for (const [text, parameters] of statements) await held.query(text, [...parameters]);
    const worked = work();
    await waiting(waiters);
    await held.query('COMMIT');
    return await worked;
  } finally {
    held.release();
  }
}

describe('a merge', () => {
  it('of an account takes along who joins, leaves or changes their role at the same time', async () => {
    const realm = uuidv7();
    for (const uid of ['firm', 'group', 'joins', 'leaves', 'changes']) await app.upsert(realm, uid);
    for (const uid of ['leaves', 'changes']) await join(realm, uid, 'firm');
    const { userId } = await app.get(realm, 'group');
    // It has locked the source, and waits for the destination.
    const work = async () => {
      const merged = merge(realm, 'firm', 'group');
      await waiting(1);
      return Promise.all([merged, join(realm, 'joins', 'firm'), app.call(profiles.leaveAccount, place(realm, 'leaves', 'firm')), app.call(profiles.changeAccountRole, { ...place(realm, 'changes', 'firm'), role: 'owner' })]);
    };
    const [, joined] = await whileHeld([['SELECT FROM users WHERE realm_id = $1 AND user_id = $2 FOR UPDATE', [realm, userId]]], 2, work);
    expect(joined.accounts).toEqual([{ id: 'group', role: 'guest' }]);
    expect([await accountsOf(realm, 'joins'), await accountsOf(realm, 'leaves'), await accountsOf(realm, 'changes')]).toEqual([joined.accounts, [], [{ id: 'group', role: 'owner' }]]);
  });

  it('does not save the source from an erasure: whom they became is erased', async () => {
    const realm = uuidv7();
    for (const uid of ['src', 'dst', 'other']) await app.upsert(realm, uid);
    const { userId } = await app.get(realm, 'dst');
    const erase = async () => {
      const merged = merge(realm, 'src', 'dst');
      await waiting(1);
      return Promise.all([app.call(profiles.hideUsers, { realmId: realm, erasureId: uuidv7(), users: [{ uid: 'src' }, { uid: 'nobody' }, { uid: 'other' }], requestedBy: 'spec' }), merged]);
    };
    const [{ userIds }] = await whileHeld([['SELECT FROM users WHERE realm_id = $1 AND user_id = $2 FOR UPDATE', [realm, userId]]], 2, erase);
    expect(userIds).toEqual([userId, null, expect.any(String)]);
    for (const uid of ['src', 'dst']) await expect(app.track(realm, uid)).rejects.toMatchObject({ value: { code: 'user-erased' } });
  });

  it('leaves out the list, the segment and the member that are removed at the same time', async () => {
    const realm = uuidv7();
    const [gone, stays, segmentId] = [uuidv7(), uuidv7(), uuidv7()];
    for (const listId of [gone, stays]) await app.call(profiles.createList, { realmId: realm, listId, name: 'News', actor: systemActor });
    await app.upsert(realm, 'src', { lists: [gone, stays] });
    for (const uid of ['dst', 'member', 'firm']) await app.upsert(realm, uid);
    await join(realm, 'member', 'src');
    await join(realm, 'src', 'firm');
    const [src, member, firm] = [await app.get(realm, 'src'), await app.get(realm, 'member'), await app.get(realm, 'firm')];
    await app.call(profiles.createSegment, { realmId: realm, segmentId, name: 'All', rule: { id: { $exists: true } }, actor: systemActor });
    await app.database.execute(
      'INSERT INTO segment_members (realm_id, user_id, segment_id, user_seq, member, suppressed) SELECT $1, user_id, $2, seq, true, true FROM users WHERE realm_id = $1 AND user_id = $3 ON CONFLICT (realm_id, user_id, segment_id) DO UPDATE SET suppressed = true',
      [realm, segmentId, src.userId],
    );
    const removals = [
      ['DELETE FROM lists WHERE realm_id = $1 AND list_id = $2', [realm, gone]],
      ['DELETE FROM segments WHERE realm_id = $1 AND segment_id = $2', [realm, segmentId]],
      ['DELETE FROM users WHERE realm_id = $1 AND user_id = ANY ($2::uuid[])', [realm, [member.userId, firm.userId]]],
    ] as const;
    const { user } = await whileHeld(removals, 1, () => merge(realm, 'src', 'dst'));
    expect(user).toMatchObject({ uid: 'dst', lists: [{ id: stays, subscribed: true }], segments: [], accounts: [] });
  });
});
