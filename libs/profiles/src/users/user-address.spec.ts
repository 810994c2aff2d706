import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { profiles } from '#libs/contracts';
import type { Queryable, Transaction } from '#libs/platform/database';
import { nodesOf, plansOf } from '#libs/platform/testing';
import { profilesUnderTest, type ProfilesUnderTest } from '../spec-support/profiles-under-test.js';
import { withShownUids } from './shown-uids.js';
import { addressedUser } from './user-address.js';
import { UsersRepository } from './users.repository.js';

const meant = addressedUser('$1::uuid', { userId: 'NULL', uid: '$2::text', uidAsId: 'NULL' });

describe('looking users up by name, among thousands', () => {
  const realmId = newId();
  const named = newId();
  const users = new UsersRepository();
  let app: ProfilesUnderTest;

  beforeAll(async () => {
    app = await profilesUnderTest();
    await app.database.execute(
      `INSERT INTO users (realm_id, user_id, external_id, attributes, created_at, created_by, modified_at, modified_by, version)
       SELECT $1, CASE n WHEN 0 THEN $2 ELSE gen_random_uuid() END, CASE n WHEN 0 THEN NULL ELSE 'user' || n END, '{}', now(), 'spec', now(), 'spec', 1 FROM generate_series(0, 3000) n`,
      [realmId, named],
    );
    await app.call(profiles.applyLoginState, { realmId, users: [{ userId: named, version: 1, userName: 'Countess', loginEmail: null, isActive: true, canLogIn: true }] });
    await app.database.execute('ANALYZE users, directory');
  });

  it.each<[what: string, look: (on: Queryable) => Promise<unknown[]>, found: number]>([
    ['who is found under a user name', (on) => on.query(`SELECT ${meant} AS id`, [realmId, 'COUNTESS']), 1],
    ['who is not there', (on) => on.query(`SELECT id FROM (SELECT ${meant} AS id) AS found WHERE id IS NOT NULL`, [realmId, 'nobody']), 0],
    ['who is shown under a user name', (on) => withShownUids(on, [{ realmId, userId: named, externalId: null } as profiles.Profile]), 1],
    ['whom a group of upserts locks', (on) => users.lock(on as Transaction, ['new', 'COUNTESS'].map((externalId) => ({ realmId, externalId, asAddressed: true }))), 1],
  ])('looks at nobody else for %s, whichever joins the planner would rather have', async (_what, look, found) => {
    const [plan] = await app.database.withTransaction(async (tx) => {
      await tx.execute('SET LOCAL enable_nestloop = off');
      return plansOf(tx, async (on) => expect(await look(on)).toHaveLength(found));
    });
    const looks = nodesOf(plan!).filter((node) => ['users', 'directory'].includes(node['Relation Name'] ?? ''));
    expect(looks.length).toBeGreaterThan(0);
    expect(looks.map((node) => [node['Node Type'], node['Rows Removed by Filter'] ?? 0])).toEqual(looks.map(() => [expect.not.stringMatching('Seq Scan'), 0]));
  });
});
