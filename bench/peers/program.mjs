import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '../../dist/libs/platform/testing/src/index.js';

/** Arguments of Node.js: the process ends when the bench does, however that ends. */
export const endWithParent = ['--import', new URL('../../tools/end-with-parent.mjs', import.meta.url).href];

/** A contender that is one program of this folder with a database of its own on the common Postgres. It listens on PORT, and says on stdout when. */
export class Program {
  constructor(name, file, environment) {
    this.name = name;
    this.file = file;
    this.environment = environment;
    this.folder = join(environment.folder, file.replace('.mjs', ''));
  }

  async start() {
    await mkdir(this.folder, { recursive: true });
    const port = await freePort();
    this.url = `http://127.0.0.1:${port}`;
    this.database = `peer_${this.file.replace(/(-server)?\.mjs/, '').replaceAll('-', '_')}`;
    const databaseUrl = new URL(this.environment.postgresUrl);
    databaseUrl.pathname = `/${this.database}`;
    this.databaseUrl = databaseUrl.toString();
    await this.createDatabase();
    this.log = openSync(join(this.folder, 'log.txt'), 'a');
    const profile = this.environment.profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-interval', '400', `--cpu-prof-dir=${join(this.environment.profile, this.database)}`];
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production', PORT: String(port), DATABASE_URL: this.databaseUrl };
    this.child = spawn(process.execPath, [...profile, ...endWithParent, join(import.meta.dirname, this.file)], { cwd: this.folder, env, stdio: ['ignore', this.log, this.log, 'ipc'] });
    for (const deadline = Date.now() + 60_000; ; await sleep(100)) {
      if (await fetch(this.url).then(() => true, () => false)) break;
      if (this.child.exitCode !== null || Date.now() > deadline) throw new Error(`${this.name} did not start: ${join(this.folder, 'log.txt')} says why`);
    }
    this.groups = { server: [this.child.pid] };
  }

  async createDatabase() {
    const sql = new pg.Client({ connectionString: this.environment.postgresUrl });
    await sql.connect();
    try {
      const { rowCount } = await sql.query('SELECT FROM pg_database WHERE datname = $1', [this.database]);
      if (rowCount === 0) await sql.query(`CREATE DATABASE ${this.database}`);
    } finally {
      await sql.end();
    }
    await this.inDatabase((own) => own.query('CREATE EXTENSION IF NOT EXISTS pg_trgm'));
  }

  async inDatabase(work) {
    const sql = new pg.Client({ connectionString: this.databaseUrl });
    await sql.connect();
    return work(sql).finally(() => sql.end());
  }

  /** JSON over HTTP, for what is set up before. @throws when it is refused */
  async call(method, path, body, headers = {}) {
    const answer = await fetch(`${this.url}${path}`, { method, headers: { 'content-type': 'application/json', ...headers }, body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${this.name}: ${method} ${path} was answered with ${answer.status} ${text.slice(0, 500)}`);
    return { body: JSON.parse(text), headers: answer.headers };
  }

  async stop() {
    if (this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null) {
      const gone = new Promise((resolve) => this.child.once('exit', resolve));
      this.child.kill('SIGTERM');
      const hard = setTimeout(() => this.child.kill('SIGKILL'), 10_000);
      await gone;
      clearTimeout(hard);
    }
    if (this.log !== undefined) closeSync(this.log);
  }
}
