import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { root } from '../checkout.mjs';
import { compileTypes } from '../native-types.mjs';
import { buildPackage } from './build-package.mjs';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'rollcall-client-'));
const project = join(folder, 'project');
const installed = join(project, 'node_modules/@rollcall/client');
let server;
let url;

beforeAll(async () => {
  server = createServer((request, response) => response.setHeader('content-type', 'application/json').end(JSON.stringify({ uid: `${request.method} ${request.url}` })));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${server.address().port}`;
  buildPackage(join(folder, 'package'));
  const npm = (args, cwd) => run('npm', [...args, '--offline', '--no-audit', '--no-fund', '--no-update-notifier', '--cache', join(folder, 'cache')], { cwd });
  await npm(['pack', '--pack-destination', folder], join(folder, 'package'));
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{"private":true}');
  await npm(['install', join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')))], project);
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const use = `const rollcall = createClient({ url: '${'URL'}', auth: engagementKey({ key: 'key' }) });
rollcall.request('GET /v1/users/{uid}', { path: { uid: 'ada' } }).then((user) => console.log(user.uid));
`;

it.each([
  ['an ES module', 'esm.mjs', "import { createClient, engagementKey } from '@rollcall/client';\n"],
  ['CommonJS', 'cjs.cjs', "const { createClient, engagementKey } = require('@rollcall/client');\n"],
])('the packed client, installed without a network, works in %s', async (_form, file, head) => {
  writeFileSync(join(project, file), head + use.replace('URL', url));
  expect((await run(process.execPath, [file], { cwd: project })).stdout).toBe('GET /v1/users/ada\n');
});

it('it works in a page that Vite builds, of which it takes little', async () => {
  const page = join(project, 'page');
  mkdirSync(page);
  writeFileSync(join(page, 'index.html'), '<!doctype html><script type="module" src="/main.ts"></script>');
  writeFileSync(join(page, 'main.ts'), `import { createClient, engagementKey } from '@rollcall/client';\n${use.replace('URL', url)}`);
  // What Vite adds for old browsers needs a document, and is not what is shown here.
  writeFileSync(join(page, 'vite.config.mjs'), 'export default { build: { modulePreload: { polyfill: false } } };');
  await run(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'error'], { cwd: page });
  const [script] = readdirSync(join(page, 'dist/assets')).filter((name) => name.endsWith('.js'));
  const file = join(page, 'dist/assets', script);
  expect(gzipSync(readFileSync(file)).length).toBeLessThan(6_000);
  writeFileSync(join(page, 'dist/assets/package.json'), '{"type":"module"}');
  expect((await run(process.execPath, [file])).stdout).toBe('GET /v1/users/ada\n');
});

it('it brings nothing with it, and stays small', () => {
  expect(readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['@rollcall']);
  const script = readdirSync(join(installed, 'esm'), { recursive: true }).filter((name) => name.endsWith('.js')).map((name) => readFileSync(join(installed, 'esm', name), 'utf8')).join('');
  expect(gzipSync(script).length).toBeLessThan(12_000);
});

it('its types hold under strict, in ES modules and CommonJS, those of the guide too, and refuse what the API would', () => {
  const typed = `import { createClient, engagementKey, staffSession, isRollcallError, type Answer, type Item } from '@rollcall/client';
const rollcall = createClient({ url: new URL('https://users.example.com'), auth: engagementKey({ key: 'key', secret: 'secret' }) });
export async function all(): Promise<string[]> {
  const found: string[] = [];
  for await (const user of rollcall.paginate('GET /v1/users', { query: { limit: 30 } })) found.push(user.id);
  const created: Answer<'POST /v1/users'> = await rollcall.request('POST /v1/users', { body: { id: 'ada', first_name: null } });
  const name: string | null = created.first_name;
  const entry: Item<'GET /v1/admin/users'> | undefined = undefined;
  // @ts-expect-error -- no such call
  await rollcall.request('POST /v1/people');
  // @ts-expect-error -- another surface's
  await rollcall.request('GET /v1/admin/orgs');
  // @ts-expect-error -- the body is missing
  await rollcall.request('POST /v1/users');
  // @ts-expect-error -- the path is missing
  await rollcall.request('GET /v1/users/{uid}');
  // @ts-expect-error -- the id is a text
  await rollcall.request('POST /v1/users', { body: { id: 1 } });
  // @ts-expect-error -- no list
  rollcall.paginate('GET /v1/users/{uid}', { path: { uid: 'ada' } });
  return [...found, name ?? '', String(entry)];
}
export async function staff(): Promise<string> {
  const admin = createClient({ url: 'https://users.example.com', auth: staffSession(), project: 'demo' });
  const login = await admin.auth.login({ email: 'ada@example.com', password: 'password' }).catch((error: unknown) => {
    if (isRollcallError(error, 'too-many-attempts')) return error.retryAfter ?? 0;
    throw error;
  });
  if (typeof login === 'number') return 'later';
  for await (const { id } of admin.paginate('GET /{project}/users', { query: { 'filter[attributes.plan][eq]': 'pro' } })) return id;
  return 'next_step' in login ? login.next_step.step_token : login.user.user_id;
}
`;
  for (const name of ['esm.mts', 'cjs.cts']) writeFileSync(join(project, name), typed);
  // That it runs, the end-to-end specs show.
  const guide = [...readFileSync(join(root, 'docs/guides/client-library.md'), 'utf8').matchAll(/^```ts\n([^]*?)^```/gm)].map(([, code]) => code);
  writeFileSync(join(project, 'guide.mts'), guide.join('\n'));
  writeFileSync(join(project, 'node.d.ts'), "declare module 'node:fs' { export function readFileSync(file: string, encoding: string): string; }\n");
  const compilerOptions = { strict: true, target: 'es2022', module: 'nodenext', types: [], noEmit: true, skipDefaultLibCheck: true };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['esm.mts', 'cjs.cts', 'guide.mts', 'node.d.ts'] }));
  expect(compileTypes(['-p', '.'], { cwd: project })).toBe('');
});
