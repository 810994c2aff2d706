import { describe, expect, it } from '@jest/globals';
import { testDatabase } from '#libs/platform/testing';
import { entities } from './entities.js';
import { migrations } from './migrations.js';

describe('the schema of operations', () => {
  it('is after its migrations what the entities describe', async () => {
    const { database } = await testDatabase('operations', { entities, migrations });
    const { upQueries } = await database.manager.dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('can be taken back', async () => {
    const { database } = await testDatabase('operations', { entities, migrations });
    for (const _ of migrations) await database.manager.dataSource.undoLastMigration();
    const left = await database.query<{ name: string }>(`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`);
    expect(left.map(({ name }) => name)).toEqual(['schema_info', 'schema_migrations']);
  });
});
