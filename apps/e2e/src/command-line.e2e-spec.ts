import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkoutFolder, eventually } from '#libs/platform/testing';
import { api, platform, unique } from './platform-under-test.js';

const { admin, apiKey, project } = platform.demo;
let folder: string;
let proxy: Server;
/** What the network does to the next requests of a method: breaks off in the middle, both ways. */
const cuts: string[] = [];
const posts: string[] = [];

/** Between the commands and the platform: a real connection, really broken. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-shell-'));
  proxy = createServer((incoming, outgoing) => {
    const isCut = cuts[0] === incoming.method;
    if (isCut) cuts.shift();
    if (incoming.method === 'POST') posts.push(incoming.headers['idempotency-key'] as string);
    const onward = httpRequest(`${platform.url}${incoming.url}`, { method: incoming.method, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      if (isCut) answer.once('data', (first: Buffer) => outgoing.write(first.subarray(0, 20), () => outgoing.destroy()));
      else answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    if (isCut && incoming.method === 'POST') {
      incoming.once('data', (first: Buffer) => onward.write(first, () => {
        onward.destroy();
        incoming.destroy();
      }));
    } else incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  proxy.closeAllConnections();
  proxy.close();
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** @param as the environment; that of nobody: whoever has logged in */
function rollcall(args: string, { stdin = '', as = {} }: { stdin?: string; as?: Record<string, string> } = {}): Promise<Ended> {
  const command = spawn(process.execPath, [join(checkoutFolder, 'dist/apps/cli/src/main.js'), ...args.split(' ')], { cwd: folder, env: { PATH: process.env['PATH'], XDG_CONFIG_HOME: folder, ...as } });
  const ended: Ended = { code: null, out: '', err: '' };
  command.stdout.setEncoding('utf8').on('data', (text: string) => (ended.out += text));
  command.stderr.setEncoding('utf8').on('data', (text: string) => (ended.err += text));
  command.stdin.on('error', () => undefined).end(stdin); // a command may end before it has read it
  return new Promise((resolve) => command.on('close', (code) => resolve({ ...ended, code })));
}

const byKey = { ROLLCALL_URL: platform.url, ROLLCALL_API_KEY: apiKey, ROLLCALL_PROJECT: project.slug };
const throughProxy = () => ({ ...byKey, ROLLCALL_URL: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` });
const credentialsFile = () => join(folder, 'rollcall/credentials.json');

describe('the commands', () => {
  it('keep a login where only its owner reads it, renew its session once for several at once, and end it', async () => {
    expect(await rollcall(`login --url ${platform.url}/ --email ${admin.email} --project ${project.slug}`, { stdin: 'wrong\n' })).toMatchObject({ code: 3, out: '', err: expect.stringContaining('wrong') });
    for (const none of ['no-such-project', '01890000-0000-7000-8000-000000000000']) {
      expect(await rollcall(`login --url ${platform.url} --email ${admin.email} --project ${none}`, { stdin: `${admin.password}\n` })).toMatchObject({ code: 4, out: '', err: expect.stringMatching(/no (such )?project/) });
    }
    expect(await rollcall(`login --url ${platform.url}/ --email ${admin.email} --project ${project.slug}`, { stdin: `${admin.password}\n` })).toEqual({ code: 0, out: `Logged in at ${platform.url}.\n`, err: '' });
    expect([(await stat(credentialsFile())).mode & 0o777, (await stat(join(folder, 'rollcall'))).mode & 0o777]).toEqual([0o600, 0o700]);
    const kept = JSON.parse(await readFile(credentialsFile(), 'utf8')) as { session: { refreshToken: string; expiresAt: number } };
    expect(JSON.stringify(kept)).not.toContain(admin.password);
    await writeFile(credentialsFile(), JSON.stringify({ ...kept, session: { ...kept.session, expiresAt: 0 } }));
    expect((await Promise.all([1, 2, 3].map(() => rollcall('users list --size 1')))).map(({ code }) => code)).toEqual([0, 0, 0]);
    const renewed = JSON.parse(await readFile(credentialsFile(), 'utf8')) as typeof kept;
    expect(renewed.session.refreshToken).not.toBe(kept.session.refreshToken);
    expect((await stat(credentialsFile())).mode & 0o777).toBe(0o600);

    expect(await rollcall('users list', { as: { ROLLCALL_URL: 'http://127.0.0.1:9' } })).toMatchObject({ code: 3, err: expect.stringContaining('the login is for') });
    expect(await rollcall('logout')).toMatchObject({ code: 0, out: 'Logged out.\n' });
    expect(await rollcall('users list')).toMatchObject({ code: 3, err: expect.stringContaining('use rollcall login') });
    await writeFile(credentialsFile(), JSON.stringify({ ...renewed, session: { ...renewed.session, expiresAt: 0 } }));
    expect(await rollcall('users list --json')).toMatchObject({ code: 3, err: expect.stringContaining('The login has ended') });
  });

  it.each([
    ['users list', { ...byKey, ROLLCALL_API_KEY: 'nobody’s' }, 3, 'API key'],
    ['users list', { ...byKey, ROLLCALL_URL: 'http://127.0.0.1:9' }, 5, 'can\'t be reached'],
    ['users list', { ...byKey, ROLLCALL_URL: 'nowhere' }, 2, 'ROLLCALL_URL'],
    ['users list --size 1000', byKey, 4, 'size'],
    ['import users none.ndjson', byKey, 2, 'ENOENT'],
    ['import users - --project no-such-project', byKey, 4, 'no-such-project'],
    ['export users --output no/such/folder', byKey, 2, 'can\'t be written'],
    ['erase nobody-of-this-name', byKey, 1, 'there is no such user'],
  ])('end with what a script can tell apart: %s', async (args, as, code, word) => {
    const ended = await rollcall(args, { as });
    expect([ended.code, ended.out + ended.err]).toEqual([code, expect.stringContaining(word)]);
  });

  it('send a file again whose sending broke off, as one import, and nothing of standard input that did not arrive', async () => {
    const prefix = unique('shell');
    const rows = Array.from({ length: 300 }, (_, n) => `${JSON.stringify({ id: `${prefix}-${n}`, notes: 'x'.repeat(400) })}\n`).join('');
    await writeFile(join(folder, 'rows.ndjson'), rows);
    posts.length = 0;
    cuts.push('POST', 'POST');
    const imported = await rollcall('import users rows.ndjson --json', { as: throughProxy() });
    expect([imported.code, JSON.parse(imported.out)]).toEqual([0, expect.objectContaining({ state: 'done', rows: 300, created: 300 })]);
    expect([posts.length, new Set(posts).size, cuts]).toEqual([3, 1, []]);
    cuts.push('POST');
    expect(await rollcall('import users -', { as: throughProxy(), stdin: rows.replaceAll(prefix, `${prefix}-again`) })).toMatchObject({ code: 5, out: '' });
    expect((await rollcall(`users get ${prefix}-again-0`, { as: byKey })).code).toBe(1);
    expect((await rollcall(`users get ${prefix}-299 --json`, { as: byKey })).out).toContain(`"external_id":"${prefix}-299"`);
  });

  it('take no half of an export for a whole one', async () => {
    cuts.push('GET', 'GET');
    const as = { ...throughProxy(), ROLLCALL_PROJECT: project.id };
    expect(await rollcall('export users --output users.ndjson', { as })).toMatchObject({ code: 5, err: expect.stringContaining('cut off') });
    await expect(stat(join(folder, 'users.ndjson'))).rejects.toThrow('ENOENT');
    await expect(stat(join(folder, 'users.ndjson.part'))).rejects.toThrow('ENOENT');
    expect(await rollcall('export users', { as })).toMatchObject({ code: 5 });
    const whole = await rollcall('export users --output users.ndjson --json', { as });
    const { records } = JSON.parse(whole.out) as { records: number };
    expect([whole.code, (await readFile(join(folder, 'users.ndjson'), 'utf8')).trimEnd().split('\n').at(-1)]).toEqual([0, `{"kind":"end","records":${records}}`]);
  });

  it('erase many, say who was not there, and bring receipts that prove it', async () => {
    const names = [unique('shell-gone'), unique('shell-gone')];
    for (const name of names) expect((await rollcall(`users put ${name} --email ${name}@example.com --attribute plan=pro`, { as: byKey })).code).toBe(0);
    const erased = await rollcall('erase - --receipts receipts.ndjson --json', { as: byKey, stdin: `${names[0]}\nnobody-of-this-name\n\n${names[1]}@example.com\n` });
    expect([erased.code, ...erased.out.trimEnd().split('\n').map((line) => (JSON.parse(line) as { state: string }).state)]).toEqual([1, 'done', 'not-found', 'done']);
    const receipts = (await readFile(join(folder, 'receipts.ndjson'), 'utf8')).trimEnd().split('\n');
    expect(receipts).toHaveLength(2);
    for (const receipt of receipts) expect((await rollcall(`verify-receipt - --keys ${platform.url}/.well-known/receipt-keys.json`, { stdin: receipt })).code).toBe(0);
    expect((await rollcall(`users get ${names[0]}`, { as: byKey })).code).toBe(1);
  });

  it('log out all users of a project, as often as they are run, and all staff for those alone who may', async () => {
    const [slug, admin] = [unique('theft'), { headers: { 'x-api-key': apiKey } }];
    const made = await api.post('/v1/admin/projects', { ...admin, body: { org_id: platform.demo.org.id, name: slug, slug } });
    const logIn = async (name: string) => {
      expect((await api.post(`/${slug}/users/register`, { ...admin, body: { username: name, email: `${name}@example.com`, password: 'correct horse battery' } })).status).toBe(200);
      const { access_token: bearer, refresh } = (await api.post(`/${slug}/users/login`, { body: { username: name, password: 'correct horse battery' } })).body as { access_token: string; refresh: string };
      expect((await api.get('/v1/auth/me', { bearer })).status).toBe(200);
      return { bearer, refresh };
    };
    const people = [await logIn('first'), await logIn('second')];
    const as = { ...byKey, ROLLCALL_PROJECT: slug };
    expect(await rollcall('sessions end --json', { as })).toEqual({ code: 0, out: `{"of":"${slug}","ended":2}\n`, err: '' });
    for (const { bearer, refresh } of people) {
      await eventually(async () => expect((await api.get('/v1/auth/me', { bearer })).status).toBe(401));
      expect((await api.post(`/${slug}/users/refresh`, { body: { refresh } })).status).toBe(401);
    }
    expect(await rollcall('sessions end', { as })).toEqual({ code: 0, out: `${slug}: 0 sessions ended.\n`, err: '' });
    expect(await rollcall('sessions end --staff', { as })).toMatchObject({ code: 3, out: '' });
    expect(await rollcall('sessions end --staff --everybody', { as })).toMatchObject({ code: 2, out: '' });
    await eventually(async () => {
      const { entries } = (await api.get(`/v1/admin/projects/${made.body.project_id as string}/audit`, admin)).body as { entries: { action: string }[] };
      expect(entries.filter(({ action }) => action === 'project.sessions-ended')).toHaveLength(1);
    }, 60_000);
  });
});
