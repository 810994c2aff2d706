import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as newId } from 'uuid';
import type { Database } from '#libs/platform/database';
import { indexScans, plansOf, testDatabase } from '#libs/platform/testing';
import { identityMigrations } from '../database/migrations.js';
import { importedLoginsRepository } from './imported-logins.repository.js';

describe('who holds the names of an import', () => {
  const realmId = newId();
  let database: Database;

  beforeAll(async () => {
    ({ database } = await testDatabase('identity', { migrations: identityMigrations }));
    await database.execute(
      `INSERT INTO logins (realm_id, user_id, status, user_name, user_name_canonical) SELECT $1, gen_random_uuid(), 'active', 'User' || n, 'user' || n FROM generate_series(1, 3000) n`,
      [realmId],
    );
    await database.execute('ANALYZE logins, login_names');
  });

  it('is looked up by their keys, whichever joins the planner would rather have', async () => {
    const [plan] = await database.withTransaction(async (tx) => {
      await tx.execute('SET LOCAL enable_nestloop = off');
      return plansOf(tx, async (on) => expect((await importedLoginsRepository.holders(on, realmId, ['user7', 'nobody', 'user8'])).map(({ name }) => name).sort()).toEqual(['user7', 'user8']));
    });
    expect(indexScans(plan!).sort()).toEqual(['login_names_pkey', 'logins_pkey']);
  });
});
