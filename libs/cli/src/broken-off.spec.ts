import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { checkoutFolder, onCleanUp, testFolder } from '#libs/platform/testing';
import { runCli } from './cli.js';
import type { Terminal } from './command.js';

type Routes = Record<string, (response: ServerResponse) => unknown>;

const projectId = '019b0000-0000-7000-8000-000000000002';
const json = (status: number, body: object, headers: Record<string, string> = {}) => (response: ServerResponse) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

/** A command, at a server that answers by `METHOD /path`. */
async function run(args: string[], routes: Routes): Promise<{ code: number; out: string; err: string }> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => (routes[`${request.method} ${request.url!.split('?')[0]}`] ?? json(404, { code: 'not-found' }))(response));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onCleanUp(async () => {
    server.closeAllConnections();
    server.close();
  });
  const environment = { ROLLCALL_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ROLLCALL_API_KEY: 'key', ROLLCALL_PROJECT: projectId } as Terminal['environment'];
  const said = { out: '', err: '' };
  const code = await runCli(args, { stdin: Readable.from([]), out: (text) => void (said.out += String(text)), err: (text) => void (said.err += text), isWatched: false, environment });
  return { code, ...said };
}

describe('what breaks off', () => {
  it.each(['', '{"kind":"error","line":2,"fi'])('is a list of errors that is cut off, with code 5 and what had come: %j', async (half) => {
    const file = join(await testFolder('cli'), 'users.ndjson');
    await writeFile(file, '{"id":"a"}\n');
    const imports = `/v1/admin/projects/${projectId}/imports`;
    const job = { import_id: 'i', type: 'users', dry_run: false, state: 'done', error: null, bytes: 11, bytes_read: 11, rows: 2, created: 0, updated: 0, skipped: 0, failed: 2, finished_at: '2026-11-29T00:00:00.000Z' };
    const cut = (response: ServerResponse) => response.write(`{"kind":"error","line":1,"field":"a","reason":"bad"}\n${half}`, () => setTimeout(() => response.destroy(), 100));
    const { code, err } = await run(['import', 'users', file], { [`POST ${imports}`]: json(202, job), [`GET ${imports}/i`]: json(200, job), [`GET ${imports}/i/errors`]: cut });
    expect([code, err]).toEqual([5, 'line 1: a bad\nrollcall import: The list of errors was cut off.\n']);
  });

  it('is a wait for receipts, and all who are gone are told with their jobs', async () => {
    const ids = [1, 2, 3].map((one) => `019b0000-0000-7000-8000-00000000001${one}`);
    const routes: Routes = {
      [`GET /${projectId}/erasures/job-0`]: json(200, { job_id: 'job-0', state: 'done', receipt: { sequence: 1 } }),
      [`GET /${projectId}/erasures/job-1`]: json(500, { detail: 'Broken.' }),
    };
    for (const [place, id] of ids.entries()) {
      routes[`GET /v1/admin/projects/${projectId}/users/${id}`] = json(200, { user_id: id });
      routes[`DELETE /${projectId}/users/${id}`] = json(200, {}, { 'x-rollcall-job-id': `job-${place}` });
    }
    const { code, out } = await run(['erase', ...ids, '--yes', '--json'], routes);
    expect(out.trimEnd().split('\n').map((line) => JSON.parse(line) as object)).toEqual([
      { user: ids[0], job_id: 'job-0', state: 'done', receipt: { sequence: 1 } },
      { user: ids[1], state: 'gone', job_id: 'job-1' },
      { user: ids[2], state: 'gone', job_id: 'job-2' },
    ]);
    expect(code).toBe(5);
  });

  it.each([
    ['Ctrl+D', '\u0004'],
    ['Ctrl+C', '\u0003'],
  ])('is a question, by %s, with the code of an interruption and nothing but a new line', async (_name, key) => {
    const asks = `import(${JSON.stringify(pathToFileURL(join(checkoutFolder, 'dist/libs/cli/src/ask.js')).href)}).then(({ ask }) => ask('Password: ', true))`;
    const command = spawn(process.execPath, ['-e', asks]);
    let said = '';
    command.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (text.includes('Password')) command.stdin.write(key);
    });
    expect(await once(command, 'close')).toEqual([130, null]);
    expect(said).toBe('Password: \n');
  });
});
