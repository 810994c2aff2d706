import { describe, expect, it } from '@jest/globals';
import { testDatabase } from '#libs/platform/testing';
import { entities } from '../database/entities.js';
import { migrations } from '../database/migrations.js';
import { exportedTables, notExported } from '../exporting/exported-tables.js';
import { passingTables, personalTables, tablesWithoutPersonalData } from './personal-data.js';

describe('the registry of personal data', () => {
  it('names every table, once', async () => {
    const { database } = await testDatabase('membership', { entities, migrations });
    const tables = await database.query<{ name: string }>(`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`);
    const registered = [...personalTables.map(({ table }) => table), ...Object.keys(passingTables), ...Object.keys(tablesWithoutPersonalData)];
    expect(registered.sort()).toEqual(tables.map(({ name }) => name).sort());
  });

  it('calls no table free of personal data that has a column for a user', async () => {
    const { database } = await testDatabase('membership', { entities, migrations });
    const tables = await database.query<{ name: string }>(`SELECT DISTINCT table_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name ~ 'user'`);
    expect(tables.map(({ name }) => name).filter((name) => name in tablesWithoutPersonalData)).toEqual([]);
  });

  it('knows of every table with personal data whether an access request is told of it, or why not', () => {
    expect([...Object.keys(exportedTables), ...Object.keys(notExported)].sort()).toEqual(personalTables.map(({ table }) => table).sort());
  });
});
