import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { identity } from '#libs/contracts';
import { StartupError } from '#libs/platform/errors';
import { RpcClient, rpcConfig, RpcModule } from '#libs/platform/rpc';
import { LogRecorder, testApp, testFolder } from '#libs/platform/testing';
import { bootstrapDemo } from './bootstrap-demo.js';
import { demoFile, type DemoFile } from './demo-file.js';
import { DyingRpcClient } from './spec-support/dying-rpc-client.js';
import { StandInServices } from './spec-support/stand-in-services.js';

const url = 'http://127.0.0.1:3000';

async function start() {
  const app = await testApp({ imports: [RpcModule.register('in-process')], providers: [StandInServices], configs: [rpcConfig], environment: { RPC_CHECK_REPLIES: 'true' } });
  const dataDir = await testFolder('bootstrap');
  const log = new LogRecorder();
  const rpc = app.get(RpcClient);
  const run = (changes: { url?: string; rpc?: RpcClient; dataDir?: string; patienceMs?: number } = {}) =>
    bootstrapDemo(changes.rpc ?? rpc, { dataDir, url, logger: log.logger, ...changes });
  return { services: app.get(StandInServices), dataDir, file: join(dataDir, 'demo.json'), log, rpc, run };
}

type World = Awaited<ReturnType<typeof start>>;

async function written({ file }: World): Promise<DemoFile> {
  return demoFile.strict().parse(JSON.parse(await readFile(file, 'utf8')));
}

/** That what demo.json says is so, and that there is one of everything that has a name. */
function expectTrue(demo: DemoFile, { services }: World): void {
  expect(services.organisations).toMatchObject([{ organisationId: demo.org.id, name: 'Demo', slug: 'demo' }]);
  expect(demo.org.slug).toBe('demo');
  expect(services.projects).toMatchObject([{ projectId: demo.project.id, organisationId: demo.org.id, teamId: null, name: 'Demo App', slug: 'demo-app' }]);
  expect(services.userOf('admin@example.com')).toEqual([expect.objectContaining({ password: demo.admin.password })]);
  expect(services.userOf('root@example.com')).toEqual([expect.objectContaining({ password: demo.superAdmin.password })]);
  expect([services.rolesOf('admin@example.com'), services.rolesOf('root@example.com')]).toEqual([['organisation:org_admin'], ['deployment:super_admin']]);
  const credential = (by: { key?: string; secret?: string }) => services.credentials.find(({ key, secret }) => key === by.key || secret === by.secret);
  expect(credential({ key: demo.apiKey })).toMatchObject({ kind: 'api-key', organisationId: demo.org.id, projectId: null, roles: ['org_admin'] });
  expect(credential({ key: demo.superAdmin.apiKey })).toMatchObject({ kind: 'api-key', organisationId: null, projectId: null, roles: ['super_admin'] });
  expect(credential({ key: demo.engagement.key })).toMatchObject({ kind: 'engagement', projectId: demo.project.id, organisationId: null, secret: demo.engagement.secret });
  for (const role of ['events', 'workbench'] as const) {
    const { client_id: credentialId, client_secret: secret } = demo.environment[role];
    expect(credential({ secret })).toMatchObject({ kind: 'client', credentialId, projectId: demo.project.id, roles: [role] });
  }
}

describe('the first run', () => {
  it('makes the demo and writes it down for its owner only', async () => {
    const world = await start();
    await world.run();
    const demo = await written(world);
    expectTrue(demo, world);
    expect(demo.url).toBe(url);
    expect((await stat(world.file)).mode & 0o777).toBe(0o600);
    expect(await readdir(world.dataDir)).toEqual(['demo.json']);
  });

  it('makes passwords that are long and never the same', async () => {
    const demos = await Promise.all([start(), start()].map(async (world) => (await world).run()));
    const passwords = demos.flatMap(({ admin, superAdmin }) => [admin.password, superAdmin.password]);
    expect(passwords.every((password) => /^[a-z2-9]{5}(-[a-z2-9]{5}){4}$/.test(password))).toBe(true);
    expect(new Set(passwords).size).toBe(4);
  });

  it('logs nothing of what it made but ids', async () => {
    const world = await start();
    const demo = await world.run();
    for (const secret of [demo.admin.password, demo.superAdmin.password, demo.apiKey, demo.engagement.secret, demo.admin.email]) expect(world.log.text).not.toContain(secret);
    expect(world.log.text).toContain(demo.project.id);
  });

  it('waits for services that are still starting', async () => {
    const world = await start();
    world.services.away = 3;
    expectTrue(await world.run(), world);
  });

  it('gives up with one sentence on services that never start', async () => {
    const world = await start();
    world.services.away = Infinity;
    await expect(world.run({ patienceMs: 300 })).rejects.toThrow(StartupError);
  });

  it('makes the data folder where there is none, and makes nothing where it can not write', async () => {
    const world = await start();
    await world.run({ dataDir: join(world.dataDir, 'deep', 'er') });
    expect(await readdir(join(world.dataDir, 'deep', 'er'))).toEqual(['demo.json']);
    const other = await start();
    await writeFile(join(other.dataDir, 'file'), '');
    await expect(other.run({ dataDir: join(other.dataDir, 'file', 'below') })).rejects.toThrow(StartupError);
    expect(other.services.organisations).toEqual([]);
  });
});

describe('a later run', () => {
  it('leaves everything as it is', async () => {
    const world = await start();
    await world.run();
    const before = await readFile(world.file, 'utf8');
    const { mtimeNs } = await stat(world.file, { bigint: true });
    await world.run();
    expect(await readFile(world.file, 'utf8')).toBe(before);
    expect((await stat(world.file, { bigint: true })).mtimeNs).toBe(mtimeNs);
    expect(world.services.credentials).toHaveLength(5);
  });

  it('rewrites the address alone, and keeps what somebody has added', async () => {
    const world = await start();
    const demo = await world.run();
    await writeFile(world.file, JSON.stringify({ ...demo, note: 'mine' }));
    await world.run({ url: 'http://127.0.0.1:4000' });
    expect(JSON.parse(await readFile(world.file, 'utf8'))).toEqual({ ...demo, url: 'http://127.0.0.1:4000', note: 'mine' });
    expect((await stat(world.file)).mode & 0o777).toBe(0o600);
  });

  it('does not overwrite a damaged file', async () => {
    const world = await start();
    await writeFile(world.file, '{"url": ');
    await expect(world.run()).rejects.toThrow(/demo\.json is damaged/);
    expect(await readFile(world.file, 'utf8')).toBe('{"url": ');
    expect(world.services.organisations).toEqual([]);
  });

  it('completes a demo whose file was deleted, with new passwords and keys that work', async () => {
    const world = await start();
    const first = await world.run();
    await rm(world.file);
    const second = await world.run();
    expectTrue(second, world);
    expect([second.org, second.project]).toEqual([first.org, first.project]);
    expect(second.admin.password).not.toBe(first.admin.password);
  });

  it('revokes the keys of the file that was deleted, and nobody else’s', async () => {
    const world = await start();
    await world.run();
    const theirs = { kind: 'engagement' as const, projectId: world.services.projects[0]!.projectId, organisationId: null, roles: [], actor: { type: 'user' as const, id: 'u1' } };
    for (const name of ['Demo engagement key', 'Another']) await world.rpc.call(identity.createCredential, { ...theirs, name }, { requestId: 'spec' });
    await rm(world.file);
    expectTrue(await world.run(), world);
    expect(world.services.credentials.map(({ name, createdBy }) => `${createdBy} ${name}`).sort()).toEqual([
      'system:rollcall Demo administrator', 'system:rollcall Demo engagement key', 'system:rollcall Demo events client', 'system:rollcall Demo super administrator', 'system:rollcall Demo workbench client',
      'user:u1 Another', 'user:u1 Demo engagement key',
    ].sort());
  });

  it('does not touch a project of the demo’s name that belongs to somebody else', async () => {
    const world = await start();
    world.services.projects.push({ projectId: '0195cf2e-0000-7000-8000-000000000001', organisationId: '0195cf2e-0000-7000-8000-000000000002', teamId: null, name: 'Theirs', slug: 'demo-app', settings: {} });
    await expect(world.run()).rejects.toThrow(StartupError);
    expect(world.services.credentials).toEqual([]);
  });
});

describe('a run that was killed', () => {
  it.each(['before', 'after'] as const)('%s any of its calls is completed by the next one', async (moment) => {
    const whole = await start();
    const counter = new DyingRpcClient(whole.rpc, Infinity, moment);
    await whole.run({ rpc: counter });
    expect(counter.calls).toBeGreaterThan(10);
    for (let dieAt = 1; dieAt <= counter.calls; dieAt += 1) {
      const world = await start();
      await expect(world.run({ rpc: new DyingRpcClient(world.rpc, dieAt, moment) })).rejects.toThrow('killed');
      expect(await readdir(world.dataDir)).toEqual([]);
      expectTrue(await world.run(), world);
      expectTrue(await written(world), world);
    }
  });
});
