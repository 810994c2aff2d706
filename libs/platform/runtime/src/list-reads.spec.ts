import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Database, databaseConfig, DatabaseModule, ListReads, startEmbeddedPostgres, type ListSource } from '#libs/platform/database';
import { platformErrors } from '#libs/platform/errors';
import { Metrics, Readiness } from '#libs/platform/telemetry';
import { eventually, FaultProxy, LogRecorder, onCleanUp, ReplicaPostgres, testApp, testDatabaseUrl, testFolder } from '#libs/platform/testing';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
let primary: { url: string };
let folders: { primary: string; replica: string };
let replica: ReplicaPostgres;
let network: FaultProxy;

/** A service with the list of what was noted. */
class Service {
  readonly database: Database;
  private readonly reads: ListReads;

  constructor(
    private readonly app: INestApplicationContext,
    readonly log: LogRecorder,
  ) {
    this.database = app.get(Database, { strict: false });
    this.reads = app.get(ListReads, { strict: false });
  }

  async note(): Promise<number> {
    const [row] = await this.database.query<{ id: number }>('INSERT INTO notes DEFAULT VALUES RETURNING id');
    return row!.id;
  }

  list(work: (from: ListSource) => Promise<unknown> = async () => undefined): Promise<{ from: 'replica' | 'primary'; ids: number[] }> {
    return this.reads.run(async (from) => {
      await work(from);
      return from.withSnapshot(async (tx) => {
        const ids = (await tx.query<{ id: number }>('SELECT id FROM notes ORDER BY id')).map(({ id }) => id);
        const [row] = await tx.query<{ replica: boolean }>('SELECT pg_is_in_recovery() AS replica');
        return { from: row!.replica ? ('replica' as const) : ('primary' as const), ids };
      }, 5_000);
    });
  }

  async untilReadFrom(place: 'replica' | 'primary'): Promise<void> {
    await eventually(async () => expect((await this.list()).from).toBe(place), 30_000);
  }

  async counted(from: string): Promise<number> {
    const text = await this.app.get(Metrics, { strict: false }).text();
    return Number(new RegExp(`rollcall_list_reads_total\\{database="spec",from="${from}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
  }
}

async function service(readUrl: string | undefined, databaseUrl = primary.url): Promise<Service> {
  const log = new LogRecorder();
  const app = await testApp({ imports: [DatabaseModule.forService({ service: 'spec', entities: [], migrations: [] })], configs: [databaseConfig], environment: { DATABASE_URL: databaseUrl, DATABASE_READ_URL: readUrl }, log });
  await app.get(Readiness).whenStarted();
  const one = new Service(app, log);
  await one.database.execute('CREATE TABLE IF NOT EXISTS notes (id int GENERATED ALWAYS AS IDENTITY)');
  return one;
}

let lists: Service;
beforeAll(async () => {
  folders = { primary: await testFolder('primary'), replica: await testFolder('replica') };
  const postgres = await startEmbeddedPostgres({ dataDir: folders.primary, log: silent });
  onCleanUp(() => postgres.stop());
  primary = postgres;
  replica = await ReplicaPostgres.start(primary.url, join(folders.primary, 'postgres'), folders.replica);
  onCleanUp(() => replica.stop());
  network = await FaultProxy.to(replica.url);
  lists = await service(network.url);
});

beforeEach(async () => {
  network.restore();
  await lists.untilReadFrom('replica');
});

describe('lists of a service with a read replica', () => {
  it('are read there, and have what was written before they were asked for', async () => {
    const before = { replica: await lists.counted('replica'), primary: await lists.counted('primary') };
    const outcomes = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const seen: string[] = [];
        for (let round = 0; round < 25; round += 1) {
          const id = await lists.note();
          const { from, ids } = await lists.list();
          expect(ids).toContain(id);
          seen.push(from);
        }
        return seen;
      }),
    );
    const fromReplica = outcomes.flat().filter((from) => from === 'replica').length;
    expect(fromReplica).toBeGreaterThan(0);
    expect((await lists.counted('replica')) - before.replica).toBe(fromReplica);
    expect((await lists.counted('primary')) - before.primary).toBe(100 - fromReplica);
  });

  it('have it also while the replica lags, from the primary, and come from the replica again when it is there', async () => {
    await replica.pause();
    const id = await lists.note();
    expect(await lists.list()).toEqual({ from: 'primary', ids: expect.arrayContaining([id]) });
    expect(await lists.list()).toMatchObject({ from: 'primary' });
    expect(lists.log.records).toContainEqual(expect.objectContaining({ replica: 'behind' }));
    await replica.resume();
    await lists.untilReadFrom('replica');
    expect((await lists.list()).ids).toContain(id);
  });

  it('come from the primary while the replica is away, whether it says so or not', async () => {
    for (const fault of ['cut', 'blackHole'] as const) {
      network[fault]();
      const id = await lists.note();
      expect(await lists.list()).toEqual({ from: 'primary', ids: expect.arrayContaining([id]) });
      network.restore();
      await lists.untilReadFrom('replica');
    }
  });

  it('come from the primary where the replica could not answer, and are refused once by whichever is asked', async () => {
    // What a replica can't do stands for what it breaks off, as it does with a query that is in the way of the log.
    const written = await lists.list((from) => from.execute('INSERT INTO notes DEFAULT VALUES'));
    expect(written.from).toBe('primary');
    await lists.untilReadFrom('replica');
    let asked = 0;
    const refused = lists.list(async () => {
      asked += 1;
      throw platformErrors.failure('invalid-request', 'A spec refuses it.');
    });
    await expect(refused).rejects.toMatchObject({ value: { code: 'invalid-request' } });
    expect(asked).toBe(1);
    expect((await lists.list()).from).toBe('replica');
  });

  it('are not read from a server that is no replica of this one', async () => {
    // Of this run, which has a cluster and a database of its own, and the primary itself.
    const ofAnother = await testDatabaseUrl();
    await service(undefined, ofAnother);
    for (const url of [ofAnother, primary.url]) {
      const stranger = await service(url);
      await eventually(async () => {
        expect((await stranger.list()).from).toBe('primary');
        expect(stranger.log.records).toContainEqual(expect.objectContaining({ replica: 'stranger' }));
      }, 30_000);
      expect(await stranger.counted('replica')).toBe(0);
    }
  });

  it('are not read from one that became a primary, whatever it has', async () => {
    await replica.promote();
    const id = await lists.note();
    expect(await lists.list()).toEqual({ from: 'primary', ids: expect.arrayContaining([id]) });
    await eventually(async () => {
      await lists.list();
      expect(lists.log.records).toContainEqual(expect.objectContaining({ replica: 'stranger' }));
    }, 30_000);
  });
});
