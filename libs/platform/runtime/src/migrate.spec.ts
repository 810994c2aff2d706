import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { serviceDatabaseUrl } from '#libs/platform/database';
import { testDatabaseUrl } from '#libs/platform/testing';
import { migrate } from './migrate.js';
import type { Target } from './target.js';

class KeepTheLimit1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE seen AS SELECT current_setting('statement_timeout') AS statement_timeout`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE seen');
  }
}

class AddAnother1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE another (id integer)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE another');
  }
}

class Fails1700000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE another ADD COLUMN half integer');
    await runner.query('ALTER TABLE nowhere ADD COLUMN half integer');
  }

  async down(): Promise<void> {}
}

describe('migrate', () => {
  const environment: { DATABASE_URL?: string; LOG_LEVEL: string } = { LOG_LEVEL: 'silent' };
  let client: pg.Client;
  const target = (...migrations: (new () => MigrationInterface)[]) => ({ name: 'identity', database: { service: 'identity', entities: [], migrations } }) as unknown as Target;

  beforeAll(async () => {
    environment.DATABASE_URL = await testDatabaseUrl();
    await migrate(target(KeepTheLimit1700000000001), environment);
    client = new pg.Client({ connectionString: serviceDatabaseUrl(environment.DATABASE_URL, 'identity') });
    await client.connect();
  });
  afterAll(() => client.end());

  it('makes the database, and lets a migration take longer than a statement of the service may', async () => {
    expect((await client.query('SELECT * FROM seen')).rows).toEqual([{ statement_timeout: '0' }]);
  });

  it('does what is new, once, also when several do it at the same time', async () => {
    await Promise.all([1, 2, 3].map(() => migrate(target(KeepTheLimit1700000000001, AddAnother1700000000002), environment)));
    await migrate(target(KeepTheLimit1700000000001, AddAnother1700000000002), environment);
    expect((await client.query('SELECT name FROM schema_migrations ORDER BY id')).rows).toEqual([{ name: 'KeepTheLimit1700000000001' }, { name: 'AddAnother1700000000002' }]);
  });

  it('leaves nothing of a migration that fails, and says why', async () => {
    await expect(migrate(target(KeepTheLimit1700000000001, AddAnother1700000000002, Fails1700000000003), environment)).rejects.toThrow('relation "nowhere" does not exist');
    expect((await client.query(`SELECT FROM information_schema.columns WHERE table_name = 'another' AND column_name = 'half'`)).rowCount).toBe(0);
  });

  it('refuses a database that a newer Rollcall needs for itself, and a target without one', async () => {
    await client.query(`UPDATE schema_info SET min_app_version = '99.0.0'`);
    await expect(migrate(target(KeepTheLimit1700000000001), environment)).rejects.toThrow('The identity database needs Rollcall 99.0.0 or newer');
    await expect(migrate({ name: 'gateway' } as unknown as Target, environment)).rejects.toThrow('gateway has no database: there is nothing to migrate.');
  });
});
