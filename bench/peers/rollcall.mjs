import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { serviceDatabaseUrl } from '../../dist/libs/platform/database/src/index.js';
import { freePort } from '../../dist/libs/platform/testing/src/index.js';
import { root } from '../../tools/checkout.mjs';
import { provision, startNats, startRedis } from '../../tools/provision.mjs';
import { masterKey } from '../../tools/services-config.mjs';
import { fillMembership } from '../measure/fill-membership.mjs';
import { fillProfiles } from '../measure/fill-profiles.mjs';
import { endWithParent } from './program.mjs';
import { anyOf, eventNames, inTeam, mixed, password, searched } from './workloads.mjs';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const staffRealmId = '00000000-0000-7000-8000-000000000001';
/** The most that a project may set: requests are counted, and nobody comes near it. */
const rateLimit = 1_000_000;

/** Rollcall in either topology, with its databases on the common Postgres. */
export class Rollcall {
  /** @param {'all-in-one' | 'services'} topology @param environment where its files and databases are; `suffix` of their names, where there are several @param {number} [replicas] of each process, in the services topology */
  constructor(topology, environment, replicas = 1) {
    this.topology = topology;
    this.replicas = replicas;
    this.name = topology === 'services' ? `services${replicas === 1 ? '' : `, ${replicas} of each`}` : 'all in one';
    this.environment = environment;
    this.key = `${replicas === 1 ? topology : `${topology}-${replicas}`}${environment.suffix ?? ''}`;
    this.folder = join(environment.folder, this.key);
    this.processes = [];
    this.appOf = new Map();
    /** Where each process tells its figures, by its id. */
    this.metricsUrls = new Map();
    /** What each process holds when its garbage is collected, by its id; with `tellsMemory` of the environment. */
    this.liveMemory = new Map();
    this.servers = [];
  }

  async start() {
    await mkdir(join(this.folder, 'data'), { recursive: true, mode: 0o711 });
    this.log = openSync(join(this.folder, 'log.ndjson'), 'a');
    const port = await freePort();
    this.url = `http://127.0.0.1:${port}`;
    const databaseUrl = new URL(this.environment.postgresUrl);
    databaseUrl.pathname = `/${this.key.replaceAll('-', '_')}`;
    this.databaseUrl = databaseUrl.toString();
    const dataDir = join(this.folder, 'data');
    this.env = {
      ...{ PATH: process.env.PATH, HOME: process.env.HOME, PORT: String(port), PUBLIC_URL: this.url, LOG_FORMAT: 'json' },
      ...{ ROLLCALL_DATA_DIR: dataDir, DATABASE_URL: this.databaseUrl, ROLLCALL_MASTER_KEY: masterKey(dataDir), RATE_LIMIT_PER_CALLER: String(rateLimit) },
    };
    if (this.topology === 'services') await this.startServers();
    const apps = this.topology === 'services' ? ['identity', 'profiles', 'membership', 'workers', 'gateway'] : ['all-in-one'];
    for (const app of apps) this.processes.push(this.spawn(app, app === apps.at(-1) ? {} : { HEALTH_PORT: String(await freePort()) }));
    this.urls = [this.url];
    await this.untilReady();
    for (let replica = 2; replica <= this.replicas; replica += 1) await Promise.all(apps.map((app) => this.addReplica(app)));
    this.demo = JSON.parse(await readFile(join(dataDir, 'demo.json'), 'utf8'));
    this.groups = { server: this.processes.map(({ pid }) => pid), ...Object.fromEntries(this.servers.map(({ name, pid }) => [name, [pid]])) };
  }

  /** nats-server and Redis are its own: what they do is done for it. */
  async startServers() {
    for (const name of ['nats', 'redis']) {
      await provision(name);
      const server = await (name === 'nats' ? startNats : startRedis)({ storeDir: join(this.folder, name), log: silent });
      this.servers.push({ name, pid: server.pid, stop: () => server.stop() });
      this.env[`${name.toUpperCase()}_URL`] = server.url;
    }
  }

  async addReplica(app) {
    const url = `http://127.0.0.1:${await freePort()}`;
    this.processes.push(this.spawn(app, { [app === 'gateway' ? 'PORT' : 'HEALTH_PORT']: new URL(url).port }));
    if (app === 'gateway') this.urls.push(url);
    for (const deadline = Date.now() + 90_000; !(await fetch(`${url}/health/ready`).then(({ status }) => status === 200, () => false)); await sleep(100)) {
      if (Date.now() > deadline) throw new Error(`A replica of ${app} did not start: ${join(this.folder, 'log.ndjson')} says why`);
    }
  }

  spawn(app, more = {}) {
    const profile = this.environment.profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-interval', '400', `--cpu-prof-dir=${join(this.environment.profile, `${this.topology}-${app}`)}`];
    const telling = this.environment.tellsMemory === true ? ['--import', new URL('../measure/live-memory.mjs', import.meta.url).href] : [];
    const child = spawn(process.execPath, [...profile, ...endWithParent, ...telling, join(root, 'dist/apps', app, 'src/main.js')], { cwd: this.folder, env: { ...this.env, ...more }, stdio: ['ignore', this.log, this.log, 'ipc'] });
    this.appOf.set(child.pid, app);
    this.liveMemory.set(child.pid, []);
    child.on('message', ({ liveBytes }) => liveBytes !== undefined && this.liveMemory.get(child.pid).push({ at: Date.now(), mebibytes: liveBytes / 2 ** 20 }));
    const { PORT: port, HEALTH_PORT: healthPort = port } = { ...this.env, ...more };
    this.metricsUrls.set(child.pid, `http://127.0.0.1:${healthPort}/metrics`);
    return child;
  }

  /** The ids of its processes, replicas and servers of its own too, by what they are. */
  byKind() {
    const kinds = Object.fromEntries(this.servers.map(({ name, pid }) => [name, [pid]]));
    for (const { pid } of this.processes) (kinds[this.appOf.get(pid)] ??= []).push(pid);
    return kinds;
  }

  async untilReady() {
    let ready = false;
    for (const deadline = Date.now() + 90_000; !ready; await sleep(100)) {
      const gone = this.processes.find(({ exitCode }) => exitCode !== null);
      if (gone !== undefined || Date.now() > deadline) throw new Error(`Rollcall (${this.name}) did not start: ${join(this.folder, 'log.ndjson')} says why`);
      ready = await fetch(`${this.url}/health/ready`).then(({ status }) => status === 200, () => false);
    }
    if (this.topology === 'services') await new Promise((resolve) => this.spawn('bootstrap').once('exit', resolve));
    for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(100)) {
      if (await readFile(join(this.folder, 'data', 'demo.json')).then(() => true, () => false)) return;
    }
    throw new Error(`Rollcall (${this.name}) has made no demo project`);
  }

  /** Users and events of the demo project, logins of all of them, and an organisation with one large team. */
  async fill(users, { passwordHash }) {
    const projectId = this.demo.project.id;
    const patched = await fetch(`${this.url}/v1/admin/projects/${projectId}`, {
      method: 'PATCH',
      headers: { 'x-api-key': this.demo.apiKey, 'content-type': 'application/json' },
      body: JSON.stringify({ settings: { rate_limit: rateLimit } }),
    });
    if (patched.status !== 200) throw new Error(`the project's limit was not set: ${await patched.text()}`);
    await this.inDatabase('profiles', async (sql) => {
      await fillProfiles(sql, projectId, users);
      // The people of the team: the same ids as in membership.
      await sql.query(
        `INSERT INTO users (realm_id, user_id, first_name, last_name, email, attributes, created_at, created_by, modified_at, modified_by, version)
         SELECT $1, ('01890004-0000-7000-8000-' || lpad(to_hex($2::bigint + n), 12, '0'))::uuid, 'First' || n, 'Last' || n, 'staff' || n || '@example.com', '{}', now(), 'bench', now(), 'bench', 1 FROM generate_series(1, $2::bigint) n`,
        [staffRealmId, inTeam(users)],
      );
      await sql.query('VACUUM ANALYZE users');
      await sql.query('VACUUM ANALYZE directory');
    });
    await this.inDatabase('identity', async (sql) => {
      await sql.query(
        `INSERT INTO logins (realm_id, user_id, status, login_email, login_email_canonical, password_hash)
         SELECT $1, ('01890000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'active', 'user' || n || '@example.com', 'user' || n || '@example.com', $2 FROM generate_series(1, $3::bigint) n`,
        [projectId, passwordHash, users],
      );
      await sql.query('VACUUM ANALYZE');
    });
    const places = await this.inDatabase('membership', (sql) => fillMembership(sql, inTeam(users)));
    await writeFile(join(this.folder, 'places.json'), JSON.stringify(places));
  }

  async inDatabase(service, work) {
    const sql = new pg.Client({ connectionString: serviceDatabaseUrl(this.databaseUrl, service) });
    await sql.connect();
    return work(sql).finally(() => sql.end());
  }

  /** @returns for each workload, what makes its n-th request; and which answers show that the work was done */
  async requests(load, { users, run }) {
    const { engagement, project, apiKey, superAdmin } = this.demo;
    const { teamId, organisationId } = JSON.parse(await readFile(join(this.folder, 'places.json'), 'utf8'));
    const basic = { authorization: `Basic ${Buffer.from(`${engagement.key}:${engagement.secret}`).toString('base64')}` };
    const json = (body) => JSON.stringify(body);
    const event = (n) => ({ event: eventNames[n % 3], properties: { source: 'web', amount: n % 100 } });
    const single = {
      get: (n) => load.encode('GET', `/v1/users/uid-${anyOf(n, users)}`, { headers: basic }),
      list: (n) => load.encode('GET', `/${project.slug}/users?search=${searched(n, users)}&sort=lastName%7Casc&size=50`, { headers: { 'x-api-key': apiKey } }),
      // Every other one is new.
      upsert: (n) => load.encode('POST', '/v1/users', { headers: basic, body: json({ id: n % 2 === 0 ? `${run}-${n}` : `uid-${anyOf(n, users)}`, first_name: `First${n}`, last_name: `Last${n % 20_011}`, meta: { plan: 'pro', age: n % 60 } }) }),
      update: (n) => load.encode('PUT', `/v1/users/uid-${anyOf(n, users)}`, { headers: basic, body: json({ meta: { plan: 'team', age: n % 60, seen: n } }) }),
      event: (n) => load.encode('POST', `/v1/users/uid-${anyOf(n, users)}/events`, { headers: basic, body: json({ id: `${run}-${n}`, ...event(n) }) }),
      events: (n) => load.encode('POST', '/v1/users/events/batch', { headers: basic, body: json({ events: Array.from({ length: 100 }, (_, i) => ({ uid: `uid-${anyOf(n * 100 + i, users)}`, id: `${run}-${n}-${i}`, ...event(i) })) }) }),
      login: (n) => load.encode('POST', `/${project.slug}/users/login`, { body: json({ username: `user${anyOf(n, users)}@example.com`, password }) }),
      register: (n) => load.encode('POST', `/${project.slug}/users/register`, { headers: { 'x-api-key': apiKey }, body: json({ username: `${run}-${n}`, email: `${run}-${n}@register.example`, password, roles: ['viewer'] }) }),
      invite: (n) => load.encode('POST', '/v1/admin/users/invite', { headers: { 'x-api-key': superAdmin.apiKey }, body: json({ user_email: `${run}-${n}@example.com`, role: 'member', org_id: organisationId }) }),
      members: () => load.encode('GET', `/v1/admin/teams/${teamId}/members?page_size=50`, { headers: { 'x-api-key': superAdmin.apiKey } }),
    };
    return { ...single, mixed: mixed(single) };
  }

  /** Of the answer to each workload, that it holds what was asked for. */
  checks = {
    get: ({ uid, email }) => uid?.startsWith('uid-') && email?.includes('@'),
    list: ({ data, metadata }) => data?.length === 50 && metadata.count >= 50,
    upsert: ({ uid, meta }) => uid !== undefined && meta.plan === 'pro',
    update: ({ meta }) => meta?.plan === 'team',
    event: ({ status }) => status === 'ok',
    events: ({ results }) => results?.length === 100 && results.every(({ status }) => status === 'ok'),
    login: ({ access_token: token, refresh }) => token !== undefined && refresh !== undefined,
    register: ({ result }) => result !== undefined,
    invite: ({ invitation }) => invitation !== undefined,
    members: ({ members }) => members?.length === 50,
  };

  async stop() {
    for (const child of this.processes) child.kill('SIGTERM');
    await Promise.all(this.processes.map((child) => (child.exitCode === null && child.signalCode === null ? new Promise((resolve) => child.once('exit', resolve)) : undefined)));
    for (const server of this.servers) await server.stop();
    if (this.log !== undefined) closeSync(this.log);
  }
}
