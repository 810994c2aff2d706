import { describe, expect, it } from '@jest/globals';
import { testDatabase } from '#libs/platform/testing';
import { entities } from './entities.js';
import { migrations } from './migrations.js';
import { passingTables, personalTables, tablesWithoutPersonalData } from './personal-data.js';

describe('the registry of personal data', () => {
  it('names every table of operations', async () => {
    const { database } = await testDatabase('operations', { entities, migrations });
    const tables = await database.query<{ name: string }>(`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`);
    expect([personalTables, passingTables, tablesWithoutPersonalData].flatMap((list) => Object.keys(list)).sort()).toEqual(tables.map(({ name }) => name).sort());
  });
});
