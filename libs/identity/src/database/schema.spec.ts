import { describe, expect, it } from '@jest/globals';
import { testDatabase } from '#libs/platform/testing';
import { identityEntities } from './entities.js';
import { identityMigrations } from './migrations.js';

describe('the schema of identity', () => {
  it('is what the entities say, after all migrations on an empty database', async () => {
    const { database } = await testDatabase('identity', { entities: identityEntities, migrations: identityMigrations });
    const { upQueries } = await database.manager.dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('keeps no statistics of personal columns, since those outlive the rows', async () => {
    const { database } = await testDatabase('identity', { entities: identityEntities, migrations: identityMigrations });
    await database.query(
      `INSERT INTO logins (realm_id, user_id, status, login_email, login_email_canonical) SELECT gen_random_uuid(), gen_random_uuid(), 'active', 'canary@example.com', 'canary@example.com' FROM generate_series(1, 1000)`,
    );
    await database.query('ANALYZE logins');
    expect(await database.query(`SELECT attname FROM pg_stats WHERE tablename = 'logins' AND (attname LIKE '%email%' OR attname LIKE '%name%' OR attname LIKE '%hash%')`)).toEqual([]);
  });

  it('can be taken back', async () => {
    const { database } = await testDatabase('identity', { entities: identityEntities, migrations: identityMigrations });
    for (const _ of identityMigrations) await database.manager.dataSource.undoLastMigration();
    const tables = await database.query<{ name: string }>(`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`);
    expect(tables.map(({ name }) => name)).toEqual(['schema_info', 'schema_migrations']);
  });
});
