import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient, checkoutFolder, eventually, RunningPlatform, type Part } from '#libs/platform/testing';
import { seen } from './fault-world.js';
import { callsOfEachService, Traffic } from './fault-traffic.js';
import { buildPrevious, previousCommit } from './previous-version.js';

const databases = { identity: 'identity', profiles: 'profiles', membership: 'membership', workers: 'operations' } as const;
const services = Object.keys(databases) as (keyof typeof databases)[];
const parts: readonly Part[] = [...services, 'gateway'];
/** How many requests have to be answered in each state of the upgrade. */
const enough = 300;

describe('an upgrade under load, from the version before', () => {
  let folder: string;
  let commit: string;
  let platform: RunningPlatform;
  let gateways: ApiClient[];
  let traffic: Traffic;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-upgrade-'));
    commit = await previousCommit();
    await buildPrevious(commit, join(folder, 'before'));
    platform = await RunningPlatform.start('services', { CONSOLE_ENABLED: 'false' }, join(folder, 'before'));
    gateways = [platform.api];
    const { engagement } = await platform.demo();
    traffic = new Traffic('upgrade', await callsOfEachService(platform), () => gateways, 0, { platform, basic: [engagement.key, engagement.secret] }).start(4);
  }, 300_000);

  afterAll(async () => {
    await traffic?.stop();
    await platform?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const served = async () => {
    const before = traffic.sent;
    await eventually(async () => expect(traffic.sent - before).toBeGreaterThan(enough), 60_000);
  };
  const tool = async (name: string, ...parameters: string[]) => {
    const { code, stdout, stderr } = await platform.runTool(name, ...parameters);
    if (code !== 0) throw new Error(`${name} ended with ${String(code)}: ${stderr}${stdout}`);
  };
  const migrations = async () => {
    const counts = await Promise.all(services.map((service) => platform.query<{ count: number }>(databases[service], 'SELECT count(*)::int AS count FROM schema_migrations')));
    return counts.reduce((sum, [row]) => sum + row!.count, 0);
  };

  it('answers every request: old processes on the new schema, old and new ones side by side, new ones alone', async () => {
    const before = await migrations();
    await tool('backup', join(folder, 'backup'));
    platform.use(checkoutFolder);
    for (const service of services) await platform.migrate(service);
    const added = (await migrations()) - before;
    await served();

    for (const part of parts) {
      const address = await platform.launchUntilReady(`${part}#2`);
      if (part === 'gateway') gateways.push(new ApiClient(address));
      await served();
    }

    const exitCodes = new Set<number | null>();
    for (const part of parts) {
      exitCodes.add(await platform.kill(part, 'SIGTERM'));
      if (part === 'gateway') gateways.shift();
      await served();
    }
    await traffic.stop();
    seen('upgrade', { from: commit, migrations: added, requests: traffic.sent, repeated: traffic.repeated, failed: traffic.failed.length, 'slowest ms': traffic.slowestMs });
    expect(traffic.failed).toEqual([]);
    expect(await traffic.lost()).toEqual([]);
    expect([...exitCodes]).toEqual([0]);
    expect(platform.unexpectedExits).toEqual([]);
  }, 600_000);

  it('leaves nothing behind: every event of both versions is taken by its consumers', async () => {
    await eventually(async () => {
      const outbox = await platform.query<{ id: string }>('profiles', 'SELECT id FROM outbox ORDER BY 1');
      expect(await platform.query('operations', `SELECT event_id AS id FROM feed WHERE type LIKE 'profiles.%' ORDER BY 1`)).toEqual(outbox);
    }, 60_000);
    for (const database of Object.values(databases)) expect([database, await platform.query(database, 'SELECT type FROM dead_letters')]).toEqual([database, []]);
  });

  it('restores a backup of the version before, and brings it up to date', async () => {
    const upgraded = await migrations();
    await platform.endProcesses();
    await tool('restore', join(folder, 'backup'), '--replace');
    expect(await migrations()).toBe(upgraded);
    const [row] = await platform.query<{ users: number }>('profiles', `SELECT count(*)::int AS users FROM users WHERE external_id LIKE 'steady-%'`);
    expect(row).toEqual({ users: 1 });
  });
});
