import { describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { declaredStatements } from '#libs/platform/database';
import { rowsLookedAt, testDatabase } from '#libs/platform/testing';
import { identityMigrations } from '../database/migrations.js';
import './imported-logins.repository.js';

describe('logins that are imported by statistics of a time when each realm had one', () => {
  it('are looked up by their names, and not among all of their realm', async () => {
    const { database } = await testDatabase('identity', { migrations: identityMigrations });
    for (const table of ['logins', 'login_names']) await database.execute(`ALTER TABLE ${table} SET (autovacuum_enabled = false)`);
    const fill = async (realm: string, count: number) =>
      database.execute(
        `INSERT INTO logins (realm_id, user_id, status, login_email, login_email_canonical, password_hash, version)
         SELECT ${realm}, gen_random_uuid(), 'active', 'p' || n || '@example.com', 'p' || n || '@example.com', 'hash', 1 FROM generate_series(1, $1::integer) n`,
        [count],
      );
    await fill('gen_random_uuid()', 2_000);
    await database.execute('ANALYZE');
    const realmId = uuidv7();
    await fill(`'${realmId}'`, 3_000);
    const { text } = declaredStatements().find(({ name }) => name === 'imported_logins.holders')!;
    const looked = await rowsLookedAt(database, text, [realmId, Array.from({ length: 100 }, (_, n) => `p${n + 1}@example.com`)]);
    expect(Math.max(looked.custom, looked.generic)).toBeLessThan(1_000);
  });
});
