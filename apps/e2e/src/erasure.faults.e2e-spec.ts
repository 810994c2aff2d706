import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/platform/testing';
import { atOnce, platform, secondsSince, seen, sized, topology } from './fault-world.js';
import { adminToken, environmentToken, keyAndSecret as basic, projectSlug, unique } from './platform-under-test.js';

const users = sized(20, 1_000);
const [part] = topology === 'all-in-one' ? (['all'] as const) : (['workers'] as const);
/** In every value of every user, before their number: what is looked for in the files. */
const mark = unique('canary').replace(/[^a-z0-9]/g, '');
const canary = (number: number) => `${mark}n${number}x`;
const uidOf = (number: number) => `uid-${canary(number)}`;
const isErased = (number: number) => number % 2 === 1;
const range = [...Array(users).keys()];

const password = (number: number) => `pw ${canary(number)}`;
const body = (number: number) => ({
  id: uidOf(number),
  first_name: `first ${canary(number)}`,
  last_name: `last ${canary(number)}`,
  email: `${canary(number)}@example.com`,
  number: `+43${canary(number)}`,
  device_token: `token-${canary(number)}`,
  device_platform: 'ios',
  meta: { note: `meta ${canary(number)}`, long: `${canary(number)} `.repeat(200) },
});
const event = (number: number) => ({ id: `event-${canary(number)}`, event: 'Saw', value: canary(number), properties: { where: canary(number) } });

/** Users with values in every store: profile, device, attributes, events, login, session, mail file. */
async function create(number: number, admin: string): Promise<void> {
  const { api } = platform;
  const created = await api.post('/v1/users', { basic, body: body(number) });
  expect(created.status).toBe(200);
  expect((await api.post(`/v1/users/${uidOf(number)}/events`, { basic, body: event(number) })).status).toBe(200);
  if (number % 10 > 3) return; // a password costs a hash
  expect((await api.post(`/${projectSlug}/users/${created.body.id}/change-password`, { bearer: admin, body: { password: password(number) } })).status).toBe(200);
  expect((await api.post(`/${projectSlug}/users/login`, { body: { username: body(number).email, password: password(number) } })).status).toBe(200);
  expect((await api.post(`/${projectSlug}/users/login`, { body: { username: body(number).email, password: 'another' } })).status).toBe(401);
}

async function all(numbers: readonly number[], work: (number: number) => Promise<void>): Promise<void> {
  const waiting = [...numbers];
  await atOnce(async () => {
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) await work(number);
  }, 8);
}

/** Numbers of the users whose values stand in a file, by file: of the databases, the log, the queue, the broker, the mails, and whatever else there is. */
async function found(): Promise<Map<number, Set<string>>> {
  const hits = new Map<number, Set<string>>();
  for (const entry of await readdir(platform.folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const bytes = await readFile(file).catch(() => Buffer.alloc(0)); // gone meanwhile
    for (let at = bytes.indexOf(`${mark}n`); at !== -1; at = bytes.indexOf(`${mark}n`, at + 1)) {
      const number = /^n(\d+)x/.exec(bytes.toString('latin1', at + mark.length, at + mark.length + 8))?.[1];
      if (number !== undefined) hits.set(Number(number), (hits.get(Number(number)) ?? new Set()).add(file.slice(platform.folder.length)));
    }
  }
  return hits;
}

/** What is left of erased users, in words: the number of the user, and files with the tables or indexes that they are. */
async function leftOf(erased: readonly number[]): Promise<[number, string[]][]> {
  const hits = await found();
  const left = erased.filter((number) => hits.has(number));
  const names = new Map<string, string>();
  for (const service of left.length === 0 ? [] : ['identity', 'profiles', 'membership', 'operations']) {
    for (const { node, name } of await platform.query<{ node: string; name: string }>(service, `SELECT (SELECT oid FROM pg_database WHERE datname = current_database()) || '/' || pg_relation_filenode(oid) AS node, oid::regclass::text AS name FROM pg_class WHERE pg_relation_filenode(oid) IS NOT NULL`)) {
      names.set(node, `${service}.${name}`);
    }
  }
  return left.map((number) => [number, [...hits.get(number)!].map((file) => `${file} ${names.get(/(\d+\/\d+)(\.\d+)?$/.exec(file)?.[1] ?? '') ?? ''}`)]);
}

async function answersAbout(number: number): Promise<string[]> {
  return Promise.all([`/v1/users/${uidOf(number)}`, `/v1/users/${uidOf(number)}/events?limit=1&event=Saw`].map(async (path) => (await platform.api.get(path, { basic })).text));
}

describe('half of the users, erased under traffic', () => {
  const others = range.filter((number) => !isErased(number));
  const erased = range.filter(isErased);
  let before: string[][];

  beforeAll(async () => {
    await platform.kill(part, 'SIGTERM');
    await platform.launch(part, { ERASURE_REMOVAL_AFTER: '1s' });
    await platform.untilReady();
    const admin = await adminToken();
    await all(range, (number) => create(number, admin));
    before = await Promise.all(others.map(answersAbout));
  }, 300_000);

  afterAll(async () => {
    await platform.kill(part, 'SIGTERM');
    await platform.restore();
  }, 60_000);

  it('stand in the files before', async () => {
    const hits = await found();
    expect(range.filter((number) => !hits.has(number))).toEqual([]);
  }, 60_000);

  it('are gone from every file within the time, and nobody else is', async () => {
    const { api } = platform;
    const start = performance.now();
    const token = await environmentToken();
    let going = true;
    const traffic = atOnce(async (client) => {
      for (let n = 0; going; n += 1) await api.post(`/v1/users/${uidOf(others[(client + n) % others.length]!)}/events`, { basic, body: { event: 'Other' } });
    }, 2);
    const some = erased.slice(0, 3);
    await all(some, async (number) => void expect((await api.delete(`/v1/users/${uidOf(number)}`, { basic })).status).toBe(200));
    const rest = erased.slice(3);
    for (let at = 0; at < rest.length; at += 100) expect((await api.put('/delete-users', { bearer: token, body: { data: rest.slice(at, at + 100).map(uidOf) } })).status).toBe(200);
    // Gone logically at once.
    expect((await Promise.all(erased.map((number) => api.get(`/v1/users/${uidOf(number)}`, { basic })))).every(({ status }) => status === 404)).toBe(true);

    await eventually(async () => {
      expect(await platform.query('operations', `SELECT FROM erasures WHERE state <> 'done'`)).toEqual([]);
      expect(await platform.query('operations', `SELECT FROM receipts WHERE kind = 'erasure' AND removal_sequence IS NULL`)).toEqual([]);
    }, 180_000);
    going = false;
    await traffic;
    const [removal] = await platform.query<{ document: string }>('operations', `SELECT document FROM receipts WHERE kind = 'removal' ORDER BY sequence DESC LIMIT 1`);
    expect(JSON.parse(removal!.document)).toMatchObject({ complete: true, write_ahead_log: 'removed', services: { profiles: { users: 'rewritten' } } });
    expect(await leftOf(erased)).toEqual([]);
    seen(`erasure of ${erased.length} of ${users} users (${topology})`, { 'gone from the files after s': secondsSince(start) });
    expect(await Promise.all(others.map(answersAbout))).toEqual(before);
  }, 300_000);

  it('do not come back when everything is sent again, and leave nothing in the files by that', async () => {
    const { api } = platform;
    const token = await environmentToken();
    await all(erased, async (number) => {
      const statuses = await Promise.all([
        api.put(`/v1/users/${uidOf(number)}`, { basic, body: body(number) }),
        api.post(`/v1/users/${uidOf(number)}/events`, { basic, body: event(number) }),
        api.post('/users', { bearer: token, body: { users: [{ id: uidOf(number), profile: { email: body(number).email } }] } }),
      ]);
      expect(statuses.map(({ status }) => status)).toEqual([410, 410, 410]);
      if (number % 10 <= 3) expect((await api.post(`/${projectSlug}/users/login`, { body: { username: body(number).email, password: password(number) } })).status).toBe(401);
    });
    expect(await leftOf(erased)).toEqual([]);
  }, 120_000);
});
