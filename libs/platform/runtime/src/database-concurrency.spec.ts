import { availableParallelism } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { allInOneProcess, Database, databaseConfig, DatabaseModule } from '#libs/platform/database';
import { Readiness } from '#libs/platform/telemetry';
import { testApp, testDatabaseUrl } from '#libs/platform/testing';

async function databaseWith(environment: Record<string, string>, allInOne?: boolean): Promise<Database> {
  class Process {}
  const app = await testApp({
    imports: [{ module: Process, global: true, providers: [{ provide: allInOneProcess, useValue: allInOne }], exports: [allInOneProcess] }, DatabaseModule.forService({ service: 'spec', entities: [], migrations: [] })],
    configs: [databaseConfig],
    environment: { DATABASE_URL: await testDatabaseUrl(), ...environment },
  });
  await app.get(Readiness).whenStarted();
  return app.get(Database);
}

const oneAtATime = () => databaseWith({ DATABASE_CONCURRENCY: '1' });

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

  it.each([
    ['as many as there are processors, two at least, in a process of its own', false, 1],
    ['twice as many where all services are in one process', true, 2],
  ])('is, unless it is said, %s', async (_, allInOne, times) => {
    const database = await databaseWith({ DATABASE_POOL_SIZE: '200' }, allInOne);
    const work = Array.from({ length: times * Math.max(2, availableParallelism()) + 3 }, () => database.query('SELECT 1 AS one'));
    expect(database.figures().queued).toBe(3);
    await Promise.all(work);
  });
});
