import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { declaredStatements } from '#libs/platform/database';
import { rowsLookedAt } from '#libs/platform/testing';
import { compileVerdicts } from '../segments/compile-rule.js';
import { parseRule } from '../segments/parse-rule.js';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';

const users = 3_000;
const realmId = uuidv7();
const [account, list, segment] = [uuidv7(), uuidv7(), uuidv7()];
let app: ProfilesUnderTest;
/** Some of the users, in the order of insertion. */
let some: { userId: string; uid: string; seq: number }[];

const statement = (name: string) => declaredStatements().find((one) => one.name === name)!.text;

/** Adds users, all of them in a list, a segment and an account, to one realm, or each to their own. */
async function fill(realm: string | null, count: number): Promise<void> {
  const of = async (text: string, ...more: readonly unknown[]) => app.database.execute(text, more);
  const one = (id: string) => (realm === null ? 'user_id' : `'${id}'::uuid`);
  const added = `(SELECT * FROM users WHERE created_by = 'spec ${realm ?? 'all'}') AS u`;
  await of(
    `INSERT INTO users (realm_id, user_id, external_id, email, attributes, created_at, created_by, modified_at, modified_by, version)
     SELECT coalesce($2::uuid, gen_random_uuid()), CASE WHEN n = 1 THEN $4 ELSE gen_random_uuid() END, 'u' || n, 'u' || n || '@example.com', '{"plan": "free"}', now(), 'spec ' || $3::text, now(), 's', 1 FROM generate_series(1, $1::integer) n`,
    count,
    realm,
    realm ?? 'all',
    realm === null ? uuidv7() : account,
  );
  await of(`INSERT INTO lists (realm_id, list_id, name, created_by, modified_by) SELECT DISTINCT realm_id, ${one(list)}, 'List', 's', 's' FROM ${added}`);
  await of(`INSERT INTO segments (realm_id, segment_id, name, rule, depends_on_time, created_by, modified_by) SELECT DISTINCT realm_id, ${one(segment)}, 'Segment', '{"attributes.plan": "free"}'::jsonb, false, 's', 's' FROM ${added}`);
  await of(`INSERT INTO account_members (realm_id, user_id, account_id) SELECT realm_id, user_id, ${one(account)} FROM ${added}`);
  await of(`INSERT INTO list_subscriptions (realm_id, user_id, list_id, subscribed) SELECT realm_id, user_id, ${one(list)}, true FROM ${added}`);
  await of(`INSERT INTO segment_members (realm_id, user_id, segment_id, user_seq, member) SELECT realm_id, user_id, ${one(segment)}, seq, true FROM ${added}`);
  await of(`INSERT INTO tombstones (realm_id, key_hash, user_id, kind, erasure_id, created_at) SELECT realm_id, sha256(user_id::text::bytea), user_id, 'email', gen_random_uuid(), now() - make_interval(secs => seq) FROM ${added}`);
}

describe('by statistics of a time when each realm had one user', () => {
  beforeAll(async () => {
    app = await profilesUnderTest();
    for (const table of ['users', 'directory', 'account_members', 'list_subscriptions', 'segment_members', 'tombstones', 'attribute_entries']) await app.database.execute(`ALTER TABLE ${table} SET (autovacuum_enabled = false)`);
    await fill(null, 2_000);
    await app.database.execute('ANALYZE');
    await fill(realmId, users);
    some = await app.database.query(`SELECT user_id AS "userId", external_id AS uid, seq FROM users WHERE realm_id = $1 ORDER BY seq LIMIT 50 OFFSET 2000`, [realmId]);
  });

  const ids = () => some.map(({ userId }) => userId);
  const realms = () => some.map(() => realmId);
  const json = (values: readonly unknown[]) => JSON.stringify(values);
  /** Rows that fifty users have, with each of their accounts, lists, segments and names. */
  const fifty = 1_500;
  it.each<[name: string, parameters: () => readonly unknown[], atMost: number]>([
    ['users.get', () => [realmId, null, some[0]!.uid, null], 30],
    ['users.get_several', () => [json(some.map(({ uid }, place) => ({ place, realm_id: realmId, uid })))], fifty],
    ['users.lock', () => [json(some.map(({ uid }) => ({ realm_id: realmId, external_id: uid }))), [realmId]], fifty],
    ['users.find', () => [realmId, null, some[0]!.uid, null], 10],
    ['users.find_many', () => [realmId, json(some.map(({ uid }, place) => ({ place, externalId: uid })))], fifty],
    ['users.surroundings', () => [realms(), ids(), [realmId], ['\\x01'], [realmId], ['plan'], ['x']], fifty],
    ['users.by_ids', () => [realmId, ids()], fifty],
    ['users.newest_members', () => [realmId, some[49]!.seq, 50, segment], fifty],
    ['users.export-page', () => [realmId, some[0]!.seq, some[49]!.seq, segment, list], fifty],
    ['users.lock_for_activity', () => [realmId, ids()], fifty],
    ['users.hide', () => [realmId, uuidv7(), ids()], fifty],
    ['profile_fields.remove_values', () => [realmId, 'plan', some[0]!.userId, 50, 's'], fifty],
    ['user_events.lock_owners', () => [json(realms()), json(some.map(() => null)), json(some.map(({ uid }) => uid)), json(some.map(() => null))], fifty],
    ['search_samples.take', () => [realmId, 1_000], 4_600],
    ['suppressions.list', () => [realmId, null, null, 50], 200],
    ['suppressions.of_bearers', () => [realmId, ['\\x01', '\\x02']], 10],
    ['suppressions.since', () => [realmId, ['\\x01', '\\x02']], 10],
    ['tombstones.standing', () => [[realmId], ['\\x01', '\\x02']], 10],
  ])('%s looks at the rows of whom it is about, and not at those of all', async (name, parameters, atMost) => {
    const looked = await rowsLookedAt(app.database, statement(name), parameters());
    expect({ name, custom: looked.custom <= atMost || looked.custom, generic: looked.generic <= atMost || looked.generic }).toEqual({ name, custom: true, generic: true });
  });
});

describe('where one user has all events of a month', () => {
  const realm = uuidv7();
  let ids: string[];

  beforeAll(async () => {
    app = await profilesUnderTest();
    await app.database.execute(`INSERT INTO users (realm_id, user_id, created_at, created_by, modified_at, modified_by, version) SELECT $1, gen_random_uuid(), now(), 's', now(), 's', 1 FROM generate_series(1, 100)`, [realm]);
    ids = (await app.database.query<{ userId: string }>('SELECT user_id AS "userId" FROM users WHERE realm_id = $1 ORDER BY seq', [realm])).map(({ userId }) => userId);
    await app.database.execute(`INSERT INTO user_events (realm_id, user_id, occurred_at, event_id, event) SELECT $1, $2, now(), 'e' || n, 'Paid' FROM generate_series(1, 5000) n`, [realm, ids[0]]);
    await app.database.execute('ANALYZE');
  });

  it('events of the others are looked up by the key when a segment counts them', async () => {
    const { text, parameters } = compileVerdicts([{ segmentId: uuidv7(), rule: parseRule({ events: { $count: { event: 'Paid' }, $gte: 2 } }) }], 2);
    const looked = await rowsLookedAt(app.database, `SELECT s.fits FROM users u CROSS JOIN LATERAL ${text} AS s (segment_id, fits) WHERE u.realm_id = $1`, [realm, ...parameters]);
    expect(Math.max(looked.custom, looked.generic)).toBeLessThan(1_000);
  });

  it('and when an event is marked', async () => {
    const looked = await rowsLookedAt(app.database, statement('users.fill_activity'), [realm, ids.slice(1), ['Paid'], ['first_Paid', 'last_Paid']]);
    expect(Math.max(looked.custom, looked.generic)).toBeLessThan(10_000); // once through all that there are, at the most
  });
});

describe('by statistics of a time when there was one event', () => {
  it('events whose time is over are looked up by the key, once for each batch', async () => {
    const [realm, user] = [uuidv7(), uuidv7()];
    app = await profilesUnderTest();
    const track = async (of: string, by: string, events: number) => app.database.execute(`INSERT INTO user_events (realm_id, user_id, occurred_at, event_id, event) SELECT $1, $2, now(), 'e' || n, 'Paid' FROM generate_series(1, $3::integer) n`, [of, by, events]);
    await track(uuidv7(), user, 1);
    await app.database.execute('ANALYZE user_events');
    await track(realm, user, 6_000);
    const looked = await rowsLookedAt(app.database, statement('user_events.delete_old'), [realm, -1, '00000000-0000-0000-0000-000000000000', 2_000]);
    expect(Math.max(looked.custom, looked.generic)).toBeLessThan(20_000);
  });
});
