import { describe, expect, it } from '@jest/globals';
import { Database, databaseConfig, DatabaseModule } from '#libs/platform/database';
import { Readiness } from '#libs/platform/telemetry';
import { testApp, testDatabaseUrl } from '#libs/platform/testing';

async function oneAtATime(): Promise<Database> {
  const app = await testApp({
    imports: [DatabaseModule.forService({ service: 'spec', entities: [], migrations: [] })],
    configs: [databaseConfig],
    environment: { DATABASE_URL: await testDatabaseUrl(), DATABASE_CONCURRENCY: '1' },
  });
  await app.get(Readiness).whenStarted();
  return app.get(Database);
}

describe('DATABASE_CONCURRENCY', () => {
  it('has statements and transactions wait for their turn', async () => {
    const database = await oneAtATime();
    const one = 'SELECT 1 AS one';
    const work = [database.query(one), database.execute(one), database.withTransaction((tx) => tx.query(one)), database.withSnapshot((on) => on.query(one), 5_000)];
    expect(database.figures()).toMatchObject({ queued: 3, waiting: 0 });
    expect(await Promise.all(work)).toEqual([[{ one: 1 }], 1, [{ one: 1 }], [{ one: 1 }]]);
    expect(database.figures().queued).toBe(0);
  });

  it('does not count what takes long, nor keeps anybody waiting who asks once more in a transaction', async () => {
    const database = await oneAtATime();
    const lock = await database.connect();
    await lock.query('SELECT pg_advisory_lock(1)');
    const waiting = database.query('SELECT pg_advisory_lock(1)');
    expect(await database.withTransaction(() => database.query('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
    await lock.query('SELECT pg_advisory_unlock(1)');
    lock.release();
    await waiting;
  });

  it('gives the turn on of what failed', async () => {
    const database = await oneAtATime();
    const failed = Array.from({ length: 5 }, () => database.withTransaction((tx) => tx.query('SELECT 1/0')));
    expect((await Promise.allSettled(failed)).map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'rejected'));
    const next = database.query('SELECT 1 AS one');
    expect(database.figures().queued).toBe(0);
    expect(await next).toEqual([{ one: 1 }]);
  });
});
