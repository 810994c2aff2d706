import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FixtureCheckout } from './spec-support/fixture-checkout.mjs';
import { identifyProcess } from './process-identity.mjs';

/** Stands for a service: needs its Postgres, and drains for a moment. */
const service = `
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import pg from 'pg';
const name = import.meta.url.split('/').at(-3);
if (process.env.REFUSES === name) { console.error('rollcall: SMTP_URL is wrong: it must be an smtp:// address.'); process.exit(1); }
createServer((request, response) => response.end('of ' + name)).listen(Number(process.env.HEALTH_PORT), process.env.HOST);
process.on('SIGTERM', () => { console.log('drains'); if (process.env.HANGS !== name) setTimeout(() => process.exit(0), 300); });
const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
client.on('error', () => {});
await client.connect();
console.log('runs as ' + process.pid);
writeFileSync(process.env.ROLLCALL_DATA_DIR + '/up-' + name, String(process.ppid));
`;
/** Is ready a moment after it listens, when all services of this start are up. */
const gateway = `
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
console.log(existsSync(process.env.ROLLCALL_DATA_DIR + '/demo.json') ? 'finds demo.json' : 'finds no demo.json');
const since = Date.now();
const isUp = (name) => { try { return readFileSync(process.env.ROLLCALL_DATA_DIR + '/up-' + name, 'utf8') === String(process.ppid); } catch { return false; } };
const isReady = () => Date.now() - since > 300 && ['identity', 'profiles', 'membership', 'workers'].every(isUp);
const server = createServer((request, response) => { response.statusCode = isReady() ? 200 : 503; response.end('{}'); });
server.listen(Number(process.env.PORT), process.env.HOST, () => { console.log('Rollcall is ready: too early'); console.log('runs as ' + process.pid); });
process.on('SIGTERM', () => { console.log('drains'); server.close(() => console.log('drained')); });
`;
const bootstrap = `
import { existsSync, writeFileSync } from 'node:fs';
const { DATABASE_URL, NATS_URL, REDIS_URL, ROLLCALL_DATA_DIR, ROLLCALL_MASTER_KEY } = process.env;
if (process.env.REFUSES === 'bootstrap') { console.error('rollcall: the demo can not be made.'); process.exit(1); }
console.log([DATABASE_URL, NATS_URL, REDIS_URL].map((url) => url?.split(':')[0]).join(' ') + ' ' + Buffer.from(ROLLCALL_MASTER_KEY ?? '', 'base64').length);
if (!existsSync(ROLLCALL_DATA_DIR + '/demo.json')) writeFileSync(ROLLCALL_DATA_DIR + '/demo.json', '{}');
`;
const index = `
export { claimDataFolder } from './embedded/data-folder.js';
export { startEmbeddedPostgres } from './embedded/start-embedded-postgres.js';
`;
const start = ['tools/start.mjs', 'services'];

describe('npm run start:services', () => {
  let checkout;
  beforeAll(() => {
    const files = { 'apps/gateway/src/main.ts': gateway, 'apps/bootstrap/src/main.ts': bootstrap };
    for (const target of ['identity', 'profiles', 'membership', 'workers']) files[`apps/${target}/src/main.ts`] = service;
    checkout = new FixtureCheckout({ files });
    checkout.bring('libs/platform/errors/src');
    checkout.bring('libs/platform/database/src/embedded');
    checkout.write('libs/platform/database/src/index.ts', index);
  });
  // The data folder is kept from one to the next, as an operator's is.
  afterEach(() => expect(leftBehind()).toEqual([]));
  afterAll(() => checkout.remove());

  /** Command lines of processes that belong to the checkout. */
  const leftBehind = () => execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' }).split('\n').filter((line) => line.includes(checkout.folder));
  const stop = async (run, signal = 'SIGTERM') => {
    run.child.kill(signal);
    await run.ended;
  };
  const pidOf = async (run, target) => Number((await run.line(new RegExp(`^${target} +\\| runs as`))).split(' ').at(-1));
  const ready = (run) => run.line(/^Rollcall is ready: http:\/\/127\.0\.0\.1:\d+$/);

  it('starts everything, says ready last, with demo.json there before the gateway, and stops the gateway before the services', async () => {
    const run = checkout.run(start, { PORT: '0' });
    const url = (await ready(run)).split(' ').at(-1);
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    expect(run.lines.at(-1)).toContain('Rollcall is ready');
    expect(run.output).toContain('bootstrap  | postgres nats redis 32');
    expect(run.output).toContain('gateway    | finds demo.json');
    expect(statSync(checkout.path('.rollcall/master.key')).mode & 0o777).toBe(0o600);
    const targets = JSON.parse(checkout.read('.rollcall/metrics-targets.json'));
    expect(targets).toContainEqual({ targets: [new URL(url).host], labels: { service: 'gateway' } });
    expect(await Promise.all(targets.filter(({ labels }) => labels.service !== 'gateway').map(async ({ targets: [host], labels }) => [labels.service, await (await fetch(`http://${host}/metrics`)).text()]))).toEqual(
      ['identity', 'profiles', 'membership', 'workers'].map((name) => [name, `of ${name}`]),
    );
    await stop(run, 'SIGINT');
    expect(run.code).toBe(0);
    const order = run.lines.slice(run.lines.indexOf('Stopping …') + 1).map((line) => line.replace(/ +\|/, ''));
    expect(order.slice(0, 2)).toEqual(['gateway drains', 'gateway drained']);
    expect(order.slice(2).sort()).toEqual(['identity drains', 'membership drains', 'profiles drains', 'workers drains']);
    expect(existsSync(checkout.path('.rollcall/processes.json'))).toBe(false);
  });

  it('keeps the master key and the data from one start to the next', async () => {
    const first = checkout.run(start, { PORT: '0' });
    await ready(first);
    await stop(first);
    const key = checkout.read('.rollcall/master.key');
    const second = checkout.run(start, { PORT: '0' });
    await ready(second);
    expect(second.output).not.toContain('first run');
    expect(checkout.read('.rollcall/master.key')).toBe(key);
    await stop(second);
  });

  it('starts a service again that dies, and a server on the same port', async () => {
    const run = checkout.run(start, { PORT: '0' });
    await ready(run);
    const pid = await pidOf(run, 'profiles');
    const nats = JSON.parse(checkout.read('.rollcall/nats/server.pid.json')).pid;
    const port = /port: (\d+)/.exec(checkout.read('.rollcall/nats/nats-server.conf'))[1];
    process.kill(pid, 'SIGKILL');
    process.kill(nats, 'SIGKILL');
    await run.line(/^profiles ended unexpectedly; starting it again/);
    await run.line(/^nats-server ended unexpectedly/);
    await run.line(new RegExp(`^profiles +\\| runs as (?!${pid}$)`));
    while (JSON.parse(checkout.read('.rollcall/nats/server.pid.json')).pid === nats) await new Promise((later) => setTimeout(later, 20));
    expect(/port: (\d+)/.exec(checkout.read('.rollcall/nats/nats-server.conf'))[1]).toBe(port);
    await stop(run);
  });

  it('ends in the time that it has though a service hangs', async () => {
    const run = checkout.run(start, { PORT: '0', HANGS: 'profiles' });
    await ready(run);
    const since = Date.now();
    await stop(run);
    expect(Date.now() - since).toBeLessThan(20_000); // ten seconds, on a machine that has nothing else to do
    expect(run.code).toBe(0);
  });

  it('ends at once at the second Ctrl-C, but not at the one that npm passes on', async () => {
    const run = checkout.run(start, { PORT: '0', HANGS: 'profiles' });
    await ready(run);
    run.child.kill('SIGINT');
    await new Promise((later) => setTimeout(later, 200));
    run.child.kill('SIGINT');
    await run.line(/^workers +\| drains/);
    await new Promise((later) => setTimeout(later, 1_200));
    expect(run.code).toBeNull();
    const since = Date.now();
    await stop(run, 'SIGINT');
    expect(Date.now() - since).toBeLessThan(6_000); // sooner than it would give up on what hangs
    expect(run.code).toBe(130);
    while (leftBehind().length > 0) await new Promise((later) => setTimeout(later, 50)); // Postgres takes a moment more
  });

  it('ends what a killed run left behind, and starts again', async () => {
    const killed = checkout.run(start, { PORT: '0', HANGS: 'profiles' });
    await ready(killed);
    const hanging = identifyProcess(await pidOf(killed, 'profiles'));
    await stop(killed, 'SIGKILL');
    expect(identifyProcess(hanging.pid)).toEqual(hanging);
    const run = checkout.run(start, { PORT: '0' });
    await ready(run);
    expect(run.output).toMatch(/Stopped what an earlier start left behind: .*profiles/);
    expect(identifyProcess(hanging.pid)).toBeUndefined();
    await stop(run);
  });

  it('services end by themselves when their watcher is killed', async () => {
    const run = checkout.run(start, { PORT: '0' });
    await ready(run);
    const pid = await pidOf(run, 'identity');
    await stop(run, 'SIGKILL');
    while (identifyProcess(pid) !== undefined) await new Promise((later) => setTimeout(later, 20));
    const next = checkout.run(start, { PORT: '0' }); // ends the servers
    await ready(next);
    await stop(next);
  });

  it.each([
    ['a port in use', {}, /^rollcall: Port \d+ on 127\.0\.0\.1 is in use by another program: stop it, or set PORT to another one\.$/],
    ['a wrong port', { PORT: '70000' }, /^rollcall: PORT is wrong: it must be a whole number from 0 to 65535\.$/],
    ['a wrong host', { PORT: '0', HOST: '192.0.2.1' }, /^rollcall: HOST 192\.0\.2\.1 is not an address of this machine\.$/],
    ['what a service refuses', { PORT: '0', REFUSES: 'workers' }, /^rollcall: SMTP_URL is wrong: it must be an smtp:\/\/ address\.$/],
    ['what bootstrapping refuses', { PORT: '0', REFUSES: 'bootstrap' }, /^rollcall: the demo can not be made\.$/],
    ['a data folder that is a file', { PORT: '0', ROLLCALL_DATA_DIR: 'package.json' }, /^rollcall: The data folder .*package\.json is a file: set ROLLCALL_DATA_DIR to a folder\.$/],
  ])('says one sentence about %s and ends with 1', async (what, env, sentence) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const run = await checkout.finish(start, { PORT: String(other.address().port), ...env });
    other.close();
    expect(run.code).toBe(1);
    expect(run.lines.filter((line) => line.startsWith('rollcall: '))).toEqual([expect.stringMatching(sentence)]);
    expect(run.lines.at(-1)).toMatch(sentence);
    expect(run.output).not.toMatch(/^ +at /m);
  });

  it('names the process and the address that hold the data folder', async () => {
    const run = checkout.run(start, { PORT: '0' });
    const url = (await ready(run)).split(' ').at(-1);
    const second = await checkout.finish(start, { PORT: '0' });
    expect(second.code).toBe(1);
    expect(second.output).toBe(`rollcall: The data folder ${checkout.folder}/.rollcall is in use by the Rollcall with process id ${run.child.pid} at ${url}: stop that one, or set ROLLCALL_DATA_DIR to another folder.`);
    await stop(run);
  });
});
