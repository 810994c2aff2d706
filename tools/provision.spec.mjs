import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect as connectNats } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import { identifyProcess } from './process-identity.mjs';
import { provision, startNats, startRedis } from './provision.mjs';

const machine = (programs, install) => ({
  findProgram: (name) => programs[name],
  canInstallPackages: () => install !== undefined,
  installPackage: async (name) => install?.(name),
});

describe('provisioning', () => {
  afterEach(() => {
    delete process.env.NATS_URL;
  });

  it('prefers the server that the environment names, then the program that is there', async () => {
    expect(await provision('redis', { machine: machine({ 'redis-server': '/usr/bin/redis-server' }) })).toEqual({ command: '/usr/bin/redis-server' });
    process.env.NATS_URL = 'nats://example:4222';
    expect(await provision('nats', { machine: machine({ 'nats-server': '/usr/sbin/nats-server' }) })).toEqual({ url: 'nats://example:4222' });
  });

  it('installs the package where it may', async () => {
    const programs = {};
    const installing = machine(programs, (name) => void (programs['nats-server'] = `/installed/${name}`));
    expect(await provision('nats', { machine: installing })).toEqual({ command: '/installed/nats-server' });
  });

  it('says what to install and which variable to set, and why an installation failed', async () => {
    const advice = 'install it (Debian, Ubuntu: apt-get install redis-server; macOS: brew install redis), or set REDIS_URL to a server that runs.';
    await expect(provision('redis', { machine: machine({}) })).rejects.toMatchObject({ name: 'StartupError', message: `The program redis-server is missing: ${advice}` });
    await expect(provision('redis', { machine: machine({}, () => 'no network') })).rejects.toThrow(`The program redis-server is missing and could not be installed (no network): ${advice}`);
  });
});

describe('the browser', () => {
  afterEach(() => {
    delete process.env.CHROMIUM_PATH;
  });

  it('is any of the programs of Chromium that are there, or the one that the environment names', async () => {
    expect(await provision('chromium', { machine: machine({ 'google-chrome': '/opt/chrome' }) })).toEqual({ command: '/opt/chrome' });
    await expect(provision('chromium', { machine: machine({}) })).rejects.toThrow('The program chromium is missing: install it (Debian, Ubuntu: apt-get install chromium; macOS: brew install --cask chromium), or set CHROMIUM_PATH to one that is elsewhere.');
    process.env.CHROMIUM_PATH = '/elsewhere/chromium';
    expect(await provision('chromium', { machine: machine({}) })).toEqual({ command: '/elsewhere/chromium' });
  });
});

describe('a local server', () => {
  let storeDir;
  let servers;
  const keep = (server) => servers.push(server) && server;

  beforeEach(() => {
    storeDir = mkdtempSync(join(tmpdir(), 'rollcall-servers-'));
    servers = [];
  });
  afterEach(async () => {
    for (const server of servers) await server.kill();
    rmSync(storeDir, { recursive: true, force: true });
  });

  it('nats-server takes messages of 8 MiB and keeps a stream over a crash and a start on the same port', async () => {
    const first = keep(await startNats({ storeDir }));
    const connection = await connectNats({ servers: first.url });
    expect(connection.info.max_payload).toBe(8 * 1024 * 1024);
    await (await jetstreamManager(connection)).streams.add({ name: 'events', subjects: ['event.>'] });
    await jetstream(connection).publish('event.x', 'hello');
    await connection.close();
    await first.kill();
    await first.exited;
    const second = keep(await startNats({ storeDir, port: first.port }));
    expect(second.url).toBe(first.url);
    const again = await connectNats({ servers: second.url });
    expect((await (await jetstreamManager(again)).streams.info('events')).state.messages).toBe(1);
    await again.close();
  });

  it('redis-server evicts nothing and keeps its data over a stop', async () => {
    const first = keep(await startRedis({ storeDir }));
    const client = new Redis(first.url);
    expect(await client.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    await client.set('kept', '42');
    await client.quit();
    await first.stop();
    const second = keep(await startRedis({ storeDir, port: first.port }));
    const again = new Redis(second.url);
    expect(await again.get('kept')).toBe('42');
    await again.quit();
  });

  it.each([['nats-server', startNats], ['redis-server', startRedis]])('%s listens on the loopback address only', async (name, start) => {
    const server = keep(await start({ storeDir }));
    const refused = once(connect({ host: '127.0.0.2', port: server.port }), 'connect');
    await expect(refused).rejects.toThrow('ECONNREFUSED');
  });

  it('is ended when an earlier run that was killed has left it on the same folder', async () => {
    const script = `import { startNats } from ${JSON.stringify(new URL('./provision.mjs', import.meta.url).href)}; console.log((await startNats({ storeDir: ${JSON.stringify(storeDir)} })).pid);`;
    const run = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = Number(String((await once(run.stdout, 'data'))[0]));
    run.kill('SIGKILL');
    await once(run, 'exit');
    expect(identifyProcess(pid)).toBeDefined();
    keep(await startNats({ storeDir }));
    expect(identifyProcess(pid)).toBeUndefined();
  });

  it('says so when its port is taken, by whatever it is', async () => {
    const other = keep(await startRedis({ storeDir: join(storeDir, 'other') }));
    await expect(startRedis({ storeDir, port: other.port })).rejects.toThrow(`redis-server did not start: port ${other.port} of 127.0.0.1 is in use by another program (EADDRINUSE).`);
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    await expect(startNats({ storeDir, port: silent.address().port })).rejects.toThrow('is in use by another program');
    silent.close();
  });
});
