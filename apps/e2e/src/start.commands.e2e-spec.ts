import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm, stat, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkoutFolder, eventually, freePort, queryService } from '#libs/platform/testing';
import { platform as shared, unique } from './platform-under-test.js';

const app = shared.topology === 'all-in-one' ? 'all-in-one' : 'identity';

/** Runs an app that is expected to refuse, and gives back what it said. */
async function startOf(name: string, environment: Record<string, string>): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [join(checkoutFolder, 'dist/apps', name, 'src/main.js')], { env: { PATH: process.env['PATH'], LOG_LEVEL: 'silent', ...environment } });
  const limit = setTimeout(() => child.kill('SIGKILL'), 60_000);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  clearTimeout(limit);
  return { code, ...output };
}

/** One sentence for the operator on stderr, exit code 1, nothing else. */
function oneSentence(text: string) {
  return { code: 1, stdout: '', stderr: expect.stringMatching(new RegExp(`^rollcall: [^\\n]*${text}[^\\n]*\\.\\n$`)) };
}

const inFolder = async (work: (folder: string) => Promise<void>) => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-start-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

describe('a start that can’t work says why in one sentence', () => {
  it('names every wrong variable', async () => {
    const urls = { DATABASE_URL: 'postgres://127.0.0.1:1/x', NATS_URL: 'nats://127.0.0.1:1', ROLLCALL_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') };
    expect(await startOf(app, { ...urls, PORT: 'eighty', ACCESS_TOKEN_TTL: 'long' })).toEqual(oneSentence('PORT is wrong: .*ACCESS_TOKEN_TTL is wrong: '));
  });

  if (shared.topology === 'services') {
    it('names the servers that a service of its own needs', async () => {
      expect(await startOf('workers', { DATABASE_URL: 'postgres://127.0.0.1:1/x' })).toEqual(oneSentence('NATS_URL and REDIS_URL are not set'));
    });
    return;
  }

  it('when the port is in use', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await inFolder(async (folder) => {
      expect(await startOf('all-in-one', { PORT: String(port), ROLLCALL_DATA_DIR: join(folder, 'data') })).toEqual(oneSentence(`Port ${port} on 127.0.0.1 is in use`));
    });
    server.close();
  });

  it('when the data folder can’t be one', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'file');
      await writeFile(file, '');
      expect(await startOf('all-in-one', { PORT: '0', ROLLCALL_DATA_DIR: file })).toEqual(oneSentence('ROLLCALL_DATA_DIR'));
      expect(await startOf('all-in-one', { PORT: '0', ROLLCALL_DATA_DIR: '/proc/rollcall' })).toEqual(oneSentence('ROLLCALL_DATA_DIR'));
    });
  });

  it('when the file of the master key is damaged, and leaves it as it is', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'master.key');
      await writeFile(file, 'junk\n', { mode: 0o600 });
      expect(await startOf('all-in-one', { PORT: '0', ROLLCALL_DATA_DIR: folder })).toEqual(oneSentence(`${file} is damaged: `));
      expect(await readFile(file, 'utf8')).toBe('junk\n');
    });
  });

  it('when the data folder is in use', async () => {
    expect(await startOf('all-in-one', { PORT: '0', ROLLCALL_DATA_DIR: shared.dataDir })).toEqual(oneSentence('in use'));
  });

  it('when the data folder is of another Postgres version', async () => {
    await inFolder(async (folder) => {
      await mkdir(join(folder, 'postgres'));
      await writeFile(join(folder, 'postgres', 'PG_VERSION'), '14\n');
      expect(await startOf('all-in-one', { PORT: '0', ROLLCALL_DATA_DIR: folder })).toEqual(oneSentence('14'));
    });
  });

  it('when the schema needs a newer Rollcall', async () => {
    // Beside the run's own databases, in the same server: the check comes before any migration.
    const url = new URL(shared.databaseUrl);
    url.pathname = `/${unique('newer').replaceAll('-', '_')}`;
    await queryService(shared.databaseUrl, 'profiles', `CREATE DATABASE "${url.pathname.slice(1)}_profiles"`);
    await queryService(url.toString(), 'profiles', `CREATE TABLE schema_info (singleton boolean PRIMARY KEY DEFAULT true, min_app_version text NOT NULL)`);
    await queryService(url.toString(), 'profiles', `INSERT INTO schema_info (min_app_version) VALUES ('99.0.0')`);
    await inFolder(async (folder) => {
      expect(await startOf('all-in-one', { PORT: '0', ROLLCALL_DATA_DIR: join(folder, 'data'), DATABASE_URL: url.toString() })).toEqual(oneSentence('The profiles database needs Rollcall 99.0.0 or newer'));
    });
  });
});

describe('the first start', () => {
  it('writes demo.json for its owner alone, with everything that a newcomer needs', async () => {
    const file = join(shared.dataDir, 'demo.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      url: shared.url,
      org: { id: expect.any(String), slug: 'demo' },
      project: { id: expect.any(String), slug: 'demo-app' },
      admin: { email: 'admin@example.com', password: expect.any(String) },
      apiKey: expect.stringMatching(/^rc_admin_/),
      superAdmin: { email: 'root@example.com', password: expect.any(String), apiKey: expect.stringMatching(/^rc_admin_/) },
      engagement: { key: expect.stringMatching(/^rc_pub_/), secret: expect.stringMatching(/^rc_sec_/) },
      environment: { events: { client_id: expect.any(String), client_secret: expect.any(String) }, workbench: { client_id: expect.any(String), client_secret: expect.any(String) } },
    });
  });

  if (shared.topology === 'services') return;

  it('with a Postgres of its own that is told to stop at once says nothing of trouble', async () => {
    await inFolder(async (folder) => {
      const port = await freePort();
      const env = { PATH: process.env['PATH'], LOG_LEVEL: 'warn', LOG_FORMAT: 'json', PORT: String(port), ROLLCALL_DATA_DIR: join(folder, 'data') };
      const child = spawn(process.execPath, [join(checkoutFolder, 'dist/apps/all-in-one/src/main.js')], { env, stdio: ['ignore', 'pipe', 'inherit'] });
      let said = '';
      child.stdout.on('data', (text) => (said += String(text)));
      const ended = new Promise((resolve) => child.once('exit', resolve));
      try {
        await eventually(async () => expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200), 60_000);
      } finally {
        child.kill('SIGTERM');
      }
      expect([await ended, said]).toEqual([0, `Rollcall is ready: http://127.0.0.1:${port}\n`]);
    });
  });

  it('is not ready before demo.json is there', async () => {
    await inFolder(async (folder) => {
      const dataDir = join(folder, 'data');
      const database = new URL(shared.databaseUrl);
      database.pathname = `/${unique('first').replaceAll('-', '_')}`;
      const port = await freePort();
      const child = spawn(process.execPath, [join(checkoutFolder, 'dist/apps/all-in-one/src/main.js')], { env: { PATH: process.env['PATH'], LOG_LEVEL: 'silent', PORT: String(port), ROLLCALL_DATA_DIR: dataDir, DATABASE_URL: database.toString() }, stdio: 'ignore' });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      try {
        await eventually(async () => expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200), 60_000);
        expect(JSON.parse(await readFile(join(dataDir, 'demo.json'), 'utf8'))).toMatchObject({ project: { slug: 'demo-app' } });
      } finally {
        child.kill('SIGTERM');
        await ended;
      }
    });
  });
});
