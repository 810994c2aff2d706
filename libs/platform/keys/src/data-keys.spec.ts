import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { auditMigrations } from '#libs/platform/audit';
import { masterKeyConfig } from '#libs/platform/config';
import { Database, databaseConfig, DatabaseModule } from '#libs/platform/database';
import { isFailure, StartupError } from '#libs/platform/errors';
import { Readiness } from '#libs/platform/telemetry';
import { checkoutFolder, testApp, testDatabaseUrl } from '#libs/platform/testing';
import { addDataKey } from './add-data-key.js';
import { createDataKeys, dataKeysEntities, dropDataKeys } from './database/tables.js';
import { DataKeys } from './data-keys.js';
import { usedAfterMs } from './root-keys.js';
import { deriveKey, seal } from './sealed-box.js';

class Tables1700000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE old (id int)');
    await createDataKeys(runner, ['old']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropDataKeys(runner);
  }
}

const newKey = () => randomBytes(32).toString('base64');
let serverUrl: string;
beforeEach(async () => {
  serverUrl = await testDatabaseUrl();
});

/** A replica of a service that uses keys. */
async function start(ROLLCALL_MASTER_KEY: string, ROLLCALL_MASTER_KEY_PREVIOUS?: string) {
  const app = await testApp({
    imports: [{ module: class Service {}, imports: [DatabaseModule.forService({ service: 'spec', entities: dataKeysEntities, migrations: [...auditMigrations, Tables1700000000003] })], providers: [DataKeys] }],
    configs: [databaseConfig, masterKeyConfig],
    environment: { DATABASE_URL: serverUrl, ROLLCALL_MASTER_KEY, ROLLCALL_MASTER_KEY_PREVIOUS },
  });
  const keys = app.get(DataKeys, { strict: false });
  const early = !isFailure(await Promise.resolve().then(() => keys.for('spec')).catch((error: unknown) => error), 'service-unavailable');
  await app.get(Readiness, { strict: false }).whenStarted();
  const database = app.get(Database, { strict: false });
  const sealed = async () => (await database.query<{ sealed: Buffer | null }>('SELECT sealed FROM data_keys'))[0]!.sealed;
  return { keys, key: keys.for('spec'), other: keys.for('another'), early, database, sealed, stop: () => app.close() };
}
const refusal = (...keys: Parameters<typeof start>) => start(...keys).then(() => undefined, (error: unknown) => error);

describe('the master key', () => {
  it('is used for nothing else, so that it can be changed', () => {
    const folder = join(checkoutFolder, 'libs');
    const reading = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !/\.spec\.ts$|spec-support|^platform\/(config|keys|runtime|testing)\//.test(file) && readFileSync(join(folder, file), 'utf8').match(/masterKeyConfig\.token|\.ROLLCALL_MASTER_KEY/) !== null);
    expect(reading).toEqual([]);
  });
});

describe('the keys of a service', () => {
  it('are not said to be there by a process that stopped before it had them: whoever heard so would throw the key before away', async () => {
    const app = await testApp({
      imports: [{ module: class Service {}, imports: [DatabaseModule.forService({ service: 'spec', entities: dataKeysEntities, migrations: [] })], providers: [DataKeys] }],
      configs: [databaseConfig, masterKeyConfig],
      environment: { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', ROLLCALL_MASTER_KEY: newKey() },
    });
    const settled: string[] = [];
    for (const dependency of ['postgres:spec', 'keys:spec']) void app.get(Readiness, { strict: false }).whenStarted((name) => name === dependency).then(() => settled.push(dependency));
    await app.close();
    await setTimeout(1_000);
    expect(settled).toEqual([]);
  });

  it('are one set, however many replicas start at once, and other ones in each database', async () => {
    const master = newKey();
    const replicas = await Promise.all(Array.from({ length: 4 }, () => start(master)));
    for (const { key } of replicas) expect(key).toEqual(replicas[0]!.key);
    expect(replicas[0]!.other).not.toEqual(replicas[0]!.key);
    expect(replicas[0]!.key).not.toEqual(deriveKey(Buffer.from(master, 'base64'), 'spec'));
    expect((await replicas[0]!.sealed())!.includes(replicas[0]!.key)).toBe(false);
    serverUrl = await testDatabaseUrl();
    expect((await start(master)).key).not.toEqual(replicas[0]!.key);
  });

  it('are not to be had before they are loaded', async () => {
    expect((await start(newKey())).early).toBe(false);
  });

  it('stay the same under another master key, which alone opens them from then on', async () => {
    const [before, after] = [newKey(), newKey()];
    const first = await start(before);
    const box = await first.sealed();
    const changing = await Promise.all([start(after, before), start(after, before), start(after, before)]);
    for (const { key } of changing) expect(key).toEqual(first.key);
    expect(await first.sealed()).not.toEqual(box);
    // Started again in the middle of it, or with a previous key that is not needed any more.
    expect((await start(after, before)).key).toEqual(first.key);
    expect((await start(after)).key).toEqual(first.key);
    expect(await refusal(before)).toBeInstanceOf(StartupError);
  });

  it('are opened by replicas that have both, whichever comes first there, so that all can be told of both before any changes', async () => {
    const [before, after] = [newKey(), newKey()];
    const { key } = await start(before);
    expect((await start(before, after)).key).toEqual(key);
    expect((await start(after, before)).key).toEqual(key);
    expect((await start(before, after)).key).toEqual(key);
    expect((await start(after, before)).key).toEqual(key);
  });

  it('end the start with one sentence where the master key is another, and stay as they are', async () => {
    const master = newKey();
    const { key, sealed } = await start(master);
    const box = await sealed();
    const sentence = 'the keys in the spec database: set the master key that it was last started with, or give that one as ROLLCALL_MASTER_KEY_PREVIOUS.';
    expect(await refusal(newKey())).toEqual(new StartupError(`ROLLCALL_MASTER_KEY does not open ${sentence}`));
    expect(await refusal(newKey(), newKey())).toEqual(new StartupError(`Neither ROLLCALL_MASTER_KEY nor ROLLCALL_MASTER_KEY_PREVIOUS opens ${sentence}`));
    expect(await sealed()).toEqual(box);
    expect((await start(master)).key).toEqual(key);
  });

  it('of a database from before there were such keys are those of its master key', async () => {
    const [before, after] = [newKey(), newKey()];
    const { database } = await start(before);
    await database.execute('UPDATE data_keys SET sealed = NULL');
    const expected = deriveKey(Buffer.from(before, 'base64'), 'spec');
    expect((await start(after, before)).key).toEqual(expected);
    expect((await start(after)).key).toEqual(expected);
  });

  it('are marked as such when the tables are not empty at the migration', async () => {
    const { database } = await start(newKey());
    await database.execute('DROP TABLE data_keys');
    await database.execute('INSERT INTO old VALUES (1)');
    await createDataKeys({ query: (text: string) => database.query(text) } as QueryRunner, ['old']);
    expect(await database.query('SELECT name, sealed FROM data_keys')).toEqual([{ name: 'root', sealed: null }]);
  });
});

describe('a rotation', () => {
  const master = newKey();
  const bytes = Buffer.from(master, 'base64');
  let database: Database;
  let replicas: DataKeys[];
  let before: { current: Buffer; lasting: Buffer; box: Buffer };

  beforeEach(async () => {
    const started = [await start(master), await start(master)];
    database = started[0]!.database;
    replicas = started.map(({ keys }) => keys);
    const [keys] = replicas as [DataKeys];
    before = { current: keys.for('spec'), lasting: keys.lasting('spec'), box: seal(keys.for('spec'), Buffer.from('secret'), 'here') };
  });

  const rotate = (masterKey = bytes) => database.withTransaction((tx) => addDataKey(tx, 'spec', masterKey, 'a-request'));
  const minute = 60_000;
  const rotatedBefore = async (ms: number) => expect(await database.withTransaction((tx) => addDataKey(tx, 'spec', bytes, 'a-request', ms))).toBe(true);

  it('gives every replica the same new keys, opens what was sealed before, and keeps those of hashes', async () => {
    await rotatedBefore(usedAfterMs + 1);
    await Promise.all(replicas.map((keys) => keys.lookAgain()));
    for (const keys of [...replicas, (await start(master)).keys]) {
      expect(keys.for('spec')).toEqual(replicas[0]!.for('spec'));
      expect(keys.for('spec')).not.toEqual(before.current);
      expect(keys.lasting('spec')).toEqual(before.lasting);
      expect(keys.open('spec', before.box, 'here')?.toString()).toBe('secret');
      expect(keys.open('spec', before.box, 'there')).toBeNull();
      expect(keys.fitting('spec', (key) => key.equals(before.current))).toEqual(before.current);
      expect(keys.fitting('spec', () => false)).toEqual(keys.for('spec'));
    }
    const [keys] = replicas as [DataKeys];
    const anew = keys.resealed('spec', before.box, 'here')!;
    expect(keys.open('spec', anew, 'here')?.toString()).toBe('secret');
    expect(keys.resealed('spec', anew, 'here')).toBeUndefined();
    expect(keys.resealed('spec', before.box, 'there')).toBeUndefined();
  });

  it('is used by nobody before everybody has it, and is one, however often it is asked for in a while', async () => {
    expect(await Promise.all([rotate(), rotate(), rotate()])).toEqual(expect.arrayContaining([true, false, false]));
    const [first, second] = replicas as [DataKeys, DataKeys];
    await first.lookAgain();
    expect(first.for('spec')).toEqual(before.current);
    // A replica whose clock is ahead uses it already: the others can open that.
    const [row] = await database.query<{ name: string }>(`SELECT name FROM data_keys WHERE name <> 'root'`);
    const roots = (first as unknown as { roots: { name: string; secret: Buffer }[] }).roots;
    const early = seal(deriveKey(roots.find(({ name }) => name === row!.name)!.secret, 'spec'), Buffer.from('early'), 'here');
    await second.lookAgain();
    expect(second.open('spec', early, 'here')?.toString()).toBe('early');
    expect(await database.query('SELECT action, target_type, target_id, request_id FROM audit_entries')).toEqual([{ action: 'data-key.rotated', target_type: 'data-key', target_id: 'spec', request_id: 'a-request' }]);
  });

  it('has what is stored sealed anew by whoever keeps it, once, and again where that failed', async () => {
    const [keys] = replicas as [DataKeys];
    let asked = 0;
    keys.whenRotated(async () => {
      asked += 1;
      if (asked === 1) throw new Error('the spec is not ready');
    });
    await keys.lookAgain();
    expect(asked).toBe(0);
    await rotatedBefore(usedAfterMs + 1);
    for (const times of [1, 2, 2]) {
      await keys.lookAgain();
      expect(asked).toBe(times);
    }
  });

  it('may be followed by another master key, and by another rotation', async () => {
    await rotatedBefore(30 * minute);
    const once = (await start(master)).key;
    await rotatedBefore(15 * minute);
    const twice = (await start(master)).key;
    const next = newKey();
    expect((await start(next, master)).key).toEqual(twice);
    expect(new Set([before.current, once, twice].map((key) => key.toString('hex'))).size).toBe(3);
    expect((await start(next)).keys.lasting('spec')).toEqual(before.lasting);
    expect(await refusal(master)).toBeInstanceOf(StartupError);
    // A replica that has not heard of it goes on with what it has.
    const [keys] = replicas as [DataKeys];
    await keys.lookAgain();
    expect(keys.for('spec')).toEqual(before.current);
    await expect(rotate(bytes)).rejects.toThrow('The master key does not open the keys in the spec database');
  });
});
