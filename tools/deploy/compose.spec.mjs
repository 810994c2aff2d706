import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { root } from '../checkout.mjs';
import { composeVariables, readCompose } from './read-compose.mjs';
import { configOf, deployed as entries } from './read-config.mjs';

const secrets = { ROLLCALL_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'), POSTGRES_PASSWORD: 'f00dfeedf00dfeed' };
const urlOf = { postgres: 'DATABASE_URL', nats: 'NATS_URL', redis: 'REDIS_URL' };
const source = (file) => import(join(root, file));
const read = (file) => readFileSync(join(root, file), 'utf8');

const { services, networks, volumes } = readCompose(secrets);
const ours = Object.entries(services).filter(([, service]) => service.image.startsWith('rollcall:'));

describe('docker-compose.yml', () => {
  it('is what the Compose specification calls a compose file', () => {
    const manifest = createRequire(import.meta.url).resolve('dclint/package.json');
    const schema = JSON.parse(readFileSync(join(dirname(manifest), 'schemas/compose.schema.json'), 'utf8'));
    const ajv = addFormats.default(new Ajv({ strict: false, allErrors: true }));
    // The schema names its dialect by an address that ajv does not know, though it is the dialect it expects.
    const validate = ajv.compile({ ...schema, $schema: 'http://json-schema.org/draft-07/schema#' });
    validate(readCompose(secrets));
    expect(validate.errors).toBeNull();
    validate({ services: { gateway: { image: 'rollcall', restart_policy: 'always' } } });
    expect(validate.errors).not.toBeNull();
  });

  it('has nothing that a linter of such files minds, but for the order and the quotes of ours', () => {
    const lint = (text) => {
      const { stdout } = spawnSync(process.execPath, [join(dirname(createRequire(import.meta.url).resolve('dclint/package.json')), 'bin/dclint.cjs'), text, '--formatter=json'], { cwd: root, encoding: 'utf8' });
      return JSON.parse(stdout)[0].messages.map(({ rule, line, message }) => ({ rule, line, message }));
    };
    expect(lint('docker-compose.yml').filter(({ rule }) => !/order$|^require-quotes-in-ports$/.test(rule))).toEqual([]);
  });

  it('starts the processes of the start table, each with its own program, and the one-off beside them', () => {
    expect(ours.map(([name]) => name).sort()).toEqual([...entries.map(([name]) => name), 'bootstrap'].sort());
    for (const [name, { command }] of ours) {
      expect(command).toEqual(['node', `dist/apps/${name}/src/main.js`]);
      expect(existsSync(join(root, `apps/${name}/src/main.ts`))).toBe(true);
    }
    expect(services.bootstrap).toMatchObject({ profiles: ['bootstrap'], restart: 'no' });
  });

  it.each(entries)('gives %s the addresses of what it needs or uses, and of nothing else', (name, { needs, uses = [] }) => {
    const { environment } = services[name];
    const given = Object.entries(urlOf).filter(([, variable]) => environment[variable] !== undefined);
    expect(given.map(([server]) => server).sort()).toEqual([...needs, ...uses].sort());
    for (const [server, variable] of given) {
      const { hostname } = new URL(environment[variable]);
      expect(services[hostname].image.split(':')[0]).toBe(server);
      expect(services[hostname].networks.filter((network) => services[name].networks.includes(network))).not.toHaveLength(0);
    }
  });

  it.each(ours.map(([name]) => name))('sets for %s only variables that it reads, all that it can’t do without, and each to a value that it takes', async (name) => {
    const { known, read: readAll } = await configOf(name);
    const { environment } = services[name];
    expect(known).toEqual(expect.arrayContaining(Object.keys(environment)));
    // What is set for one alone would show a part of each trace.
    if (name !== 'bootstrap') expect(Object.keys(environment)).toEqual(expect.arrayContaining(known.filter((variable) => variable.startsWith('OTEL_'))));
    expect(readAll(environment).warnings).toEqual([]);
  });

  it('publishes the gateway alone, on this machine’s loopback', () => {
    const published = Object.entries(services).filter(([, service]) => service.ports !== undefined);
    expect(published.map(([name]) => name)).toEqual(entries.filter(([, { http }]) => http).map(([name]) => name));
    expect(services.gateway.ports).toEqual([`127.0.0.1:3000-3001:${services.gateway.environment.PORT}`]);
    expect(services.gateway.environment.HOST).toBe('0.0.0.0');
    expect(networks.backplane.internal).toBe(true);
    for (const server of ['postgres', 'nats', 'redis']) expect(services[server].networks).toEqual(['backplane']);
  });

  it.each(entries)('has %s on a network with a way out where it asks others: identity providers, receivers of webhooks', (name) => {
    const asks = readdirSync(join(root, 'libs', name, 'src'), { recursive: true, encoding: 'utf8' }).some((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && read(join('libs', name, 'src', file)).includes(`'#libs/platform/outbound'`));
    if (asks) expect(services[name].networks.filter((network) => networks[network].internal !== true)).not.toEqual([]);
  });

  it('brings back what ends, and asks everything that runs whether it is ready', () => {
    for (const [name, service] of Object.entries(services).filter(([name]) => name !== 'bootstrap')) {
      expect([name, service.restart]).toEqual([name, 'unless-stopped']);
      expect([name, service.healthcheck?.test]).toEqual([name, expect.any(Array)]);
    }
    for (const [name, { http }] of entries) {
      expect(services[name].healthcheck.test).toEqual(['CMD', 'node', 'deploy/health-check.mjs']);
      expect([name, services[name].environment.HEALTH_PORT !== undefined]).toEqual([name, !http]);
    }
  });

  it('runs two of each service, with a port for each gateway, and bounds what everything takes of the machine', () => {
    for (const [name] of entries) expect([name, services[name].deploy.replicas]).toEqual([name, 2]);
    expect(services.bootstrap.deploy.replicas).toBe(1);
    for (const [name, { deploy }] of Object.entries(services)) expect([name, deploy.resources.limits]).toEqual([name, { cpus: expect.stringMatching(/^[\d.]+$/), memory: expect.stringMatching(/^\d+[MG]$/) }]);
  });

  it('has Postgres take the connections of all replicas', async () => {
    const { known } = await configOf('profiles');
    expect(known).toContain('DATABASE_POOL_SIZE');
    const most = Number(/--max_connections=(\d+)/.exec(services.postgres.command.join(' '))[1]);
    const pools = entries.filter(([, { needs }]) => needs.includes('postgres')).reduce((sum, [name]) => sum + services[name].deploy.replicas, 0);
    // Ten each by default, and one or two beside them: the relay's lock, migrations.
    expect(most).toBeGreaterThanOrEqual(pools * 12);
  });

  it('keeps on volumes what must survive a new container', () => {
    const mounted = Object.values(services).flatMap((service) => service.volumes ?? []).map((mount) => mount.split(':'));
    expect(mounted.filter(([from]) => !from.startsWith('.')).map(([from]) => from).sort()).toEqual(Object.keys(volumes).sort());
    for (const [from] of mounted.filter(([from]) => from.startsWith('.'))) expect(existsSync(join(root, from))).toBe(true);
    expect(services.redis.command.join(' ')).toMatch(/--appendonly yes .*--maxmemory-policy noeviction/);
    expect(read('deploy/nats/nats-server.conf')).toMatch(/jetstream \{[^}]*store_dir: "\/data"/);
  });

  it('lets the bus carry messages as large as everywhere else', async () => {
    const { largestMessageBytes } = await source('libs/platform/rpc/src/rpc.config.ts');
    expect(read('deploy/nats/nats-server.conf')).toContain(`\nmax_payload: ${largestMessageBytes / 1024 / 1024}MB\n`);
  });

  it('keeps users’ values out of the log of Postgres, as the embedded one does', async () => {
    const { postgresSettings } = await source('libs/platform/database/src/embedded/postgres-settings.ts');
    const settings = services.postgres.command.slice(1).map((argument) => argument.replace('--', '').split('='));
    expect(settings.map(([name]) => name)).toEqual(expect.arrayContaining(['log_min_error_statement', 'log_error_verbosity', 'log_parameter_max_length_on_error']));
    // Its memory and log are those of its container, not of a laptop.
    const ofItsSize = ['shared_buffers', 'max_wal_size', 'checkpoint_timeout'];
    for (const [name, value] of settings.filter(([name]) => !ofItsSize.includes(name))) expect([name, value]).toEqual([name, postgresSettings[name]]);
  });

  it('holds no secret: it demands each, and .env.example explains every variable', () => {
    const { all, demanded } = composeVariables();
    expect([...demanded].sort()).toEqual(Object.keys(secrets).sort());
    for (const name of demanded) expect(() => readCompose({ ...secrets, [name]: '' })).toThrow(name);
    const example = [...read('.env.example').matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => ({ name, value }));
    expect(example.map(({ name }) => name).sort()).toEqual([...all].sort());
    for (const { name, value } of example) if (demanded.has(name)) expect(value).toBe('');
  });
});

describe('deploy/Dockerfile', () => {
  let steps;
  beforeAll(() => {
    steps = read('deploy/Dockerfile').split('\n').filter((line) => /^[A-Z]+ /.test(line));
  });

  it('builds every service’s image, and runs as nobody in particular', () => {
    for (const [, { build }] of ours) expect(build).toEqual({ context: '.', dockerfile: 'deploy/Dockerfile' });
    expect(steps.slice(-2)).toEqual(['USER node', expect.stringMatching(/^CMD \["node", "dist\/apps\/\w+\/src\/main\.js"\]$/)]);
  });

  it('has the commands for operators in it, which build nothing there: what they are built of is not in it', () => {
    const last = steps.slice(steps.lastIndexOf('FROM base'));
    expect(last.filter((step) => step.startsWith('COPY')).map((step) => step.split(' ').at(-1))).toEqual(['node_modules', 'dist', 'tools', 'deploy/health-check.mjs']);
    const image = mkdtempSync(join(tmpdir(), 'rollcall-image-'));
    try {
      cpSync(join(root, 'tools'), join(image, 'tools'), { recursive: true, filter: (from) => !from.endsWith('.spec.mjs') });
      for (const name of ['dist', 'node_modules', 'package.json', 'package-lock.json']) symlinkSync(join(root, name), join(image, name));
      writeFileSync(join(image, 'master.key'), `${secrets.ROLLCALL_MASTER_KEY}\n`);
      const { PATH, HOME } = process.env;
      const run = (tool, env, ...parameters) => spawnSync(process.execPath, [join(image, 'tools', `${tool}.mjs`), ...parameters], { cwd: image, encoding: 'utf8', env: { PATH, HOME, NODE_ENV: 'production', ...env } });
      const nowhere = { DATABASE_URL: 'postgres://rollcall:x@127.0.0.1:1/rollcall', ROLLCALL_MASTER_KEY: secrets.ROLLCALL_MASTER_KEY };
      expect(run('backup', nowhere, join(image, 'backup')).stderr).toMatch(/^rollcall: The database rollcall_identity can't be opened: .*ECONNREFUSED/);
      expect(run('restore', nowhere, join(image, 'backup')).stderr).toMatch(/^rollcall: .*backup has no manifest\.json/);
      expect(run('rotate-master-key', { ROLLCALL_DATA_DIR: image }).stdout).toContain('There is a new master key');
      expect(readFileSync(join(image, 'master.key.previous'), 'utf8').trim()).toBe(secrets.ROLLCALL_MASTER_KEY);
    } finally {
      rmSync(image, { recursive: true, force: true });
    }
  });

  it('copies what exists and what .dockerignore lets through', () => {
    const allowed = read('.dockerignore').split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    const copied = steps.filter((step) => /^COPY (?!--from)/.test(step)).flatMap((step) => step.split(' ').slice(1, -1));
    expect([...copied].sort()).toEqual([...allowed].sort());
    for (const path of copied) expect(existsSync(join(root, path))).toBe(true);
  });
});
