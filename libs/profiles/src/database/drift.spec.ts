import { describe, expect, it } from '@jest/globals';
import { testDatabase } from '#libs/platform/testing';
import { entities } from './entities.js';
import { migrations } from './migrations.js';

describe('the schema of profiles', () => {
  // TypeORM sees partitioned tables as it sees others. What it has no words for, indexes on expressions, the entities
  // name as not theirs to make; that those are there is asked for here.
  it('is after its migrations what the entities describe', async () => {
    const { database } = await testDatabase('profiles', { entities, migrations });
    const { upQueries } = await database.manager.dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
    const indexes = await database.query<{ name: string }>(`SELECT indexname AS name FROM pg_indexes WHERE indexdef ~ 'lower\\(|user_sort_key\\(' ORDER BY 1`);
    expect(indexes.map(({ name }) => name)).toEqual(['directory_search_idx', 'directory_user_name_idx', 'directory_user_name_key_idx', 'users_email_idx']);
  });

  it('can be taken back', async () => {
    const { database } = await testDatabase('profiles', { entities, migrations });
    for (const _ of migrations) await database.manager.dataSource.undoLastMigration();
    const left = await database.query<{ name: string }>(`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`);
    expect(left.map(({ name }) => name)).toEqual(['schema_info', 'schema_migrations']);
  });

  it('has every key begin with the realm', async () => {
    const { database } = await testDatabase('profiles', { entities, migrations });
    const keys = await database.query<{ table: string; first: string }>(`
      SELECT c.relname AS table, a.attname AS first FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
      WHERE k.contype = 'p' AND c.relname IN ('users', 'directory', 'user_events', 'event_ids', 'tombstones', 'account_members', 'user_aliases', 'lists', 'list_subscriptions', 'segments', 'segment_members', 'activity_events', 'user_counts', 'attribute_entries', 'realm_days')`);
    expect(keys.map(({ first }) => first)).toEqual(Array(15).fill('realm_id'));
  });
});
