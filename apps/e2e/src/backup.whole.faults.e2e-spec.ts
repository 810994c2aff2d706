import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, RunningPlatform, type Demo } from '#libs/platform/testing';
import { topology } from './fault-world.js';

/** A platform of its own, because it goes back in time. */
let platform: RunningPlatform;
let demo: Demo;
let folder: string;
const password = 'correct horse battery';
/** Takes nothing before the first restore, so that what it is to be told waits in the backup. */
let receiver: Server;
let takes = false;
const told: string[] = [];

const receiverUrl = () => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
const superAdmin = () => ({ 'x-api-key': demo.superAdmin.apiKey });
const orgAdmin = () => ({ 'x-api-key': demo.apiKey });
const basic = () => [demo.engagement.key, demo.engagement.secret] as const;

interface Somebody {
  uid: string;
  id: string;
  email: string;
}

async function somebody(uid: string): Promise<Somebody> {
  const email = `${uid}@example.com`;
  const { id } = (await platform.api.post('/v1/users', { basic: basic(), body: { id: uid, email, first_name: `Name of ${uid}`, meta: { plan: 'pro' } } })).body as { id: string };
  expect((await platform.api.post(`/v1/users/${uid}/events`, { basic: basic(), body: { event: 'Seen' } })).status).toBe(200);
  expect((await platform.api.post(`/${demo.project.slug}/users/${id}/change-password`, { headers: orgAdmin(), body: { password } })).status).toBe(200);
  return { uid, id, email };
}

const logIn = ({ email }: Somebody) => platform.api.post(`/${demo.project.slug}/users/login`, { body: { username: email, password } });
/** What each surface says of somebody: B, C, the login, the list by e-mail. */
const seen = async (one: Somebody) => [
  (await platform.api.get(`/v1/users/${one.uid}`, { basic: basic() })).status,
  (await platform.api.get(`/${demo.project.slug}/users/${one.id}`, { headers: orgAdmin() })).status,
  (await logIn(one)).status,
  (await platform.api.get(`/v1/users?email=${encodeURIComponent(one.email)}`, { basic: basic() })).body.data.length,
];
const present = [200, 200, 200, 1];
const absent = [404, 404, 401, 0];

const waiting = async ({ id }: Somebody) => (await platform.query('operations', `SELECT FROM webhook_deliveries WHERE subject = $1 AND state = 'pending'`, [id])).length;

async function erase({ uid }: Somebody): Promise<{ document: string; sequence: number }> {
  const job = (await platform.api.delete(`/v1/users/${uid}`, { basic: basic() })).headers.get('x-rollcall-job-id');
  return eventually(async () => {
    const { body } = await platform.api.get(`/v1/erasures/${String(job)}`, { basic: basic() });
    if (body.state !== 'done') throw new Error(`the erasure is ${String(body.state)}`);
    const sequence = body.receipt.sequence as number;
    return { sequence, document: (await platform.api.get(`/v1/admin/receipts/${sequence}`, { headers: superAdmin() })).text };
  }, 60_000);
}

const path = (name: string) => join(folder, name);
async function tool(name: 'backup' | 'restore', ...parameters: string[]) {
  const outcome = await platform.runTool(name, ...parameters);
  if (outcome.code !== 0) throw new Error(`${name} ended with ${String(outcome.code)}: ${outcome.stderr}${outcome.stdout}`);
  return outcome.stdout;
}

/** As the documentation says: everything stopped, and what is in the broker and the queue let go. */
async function restore(...parameters: string[]): Promise<string> {
  await platform.endProcesses();
  const before = told.length;
  const said = await tool('restore', ...parameters);
  expect(told.slice(before)).toEqual([]); // nothing leaves before everybody is erased
  if (topology === 'services') {
    await platform.stopServer('nats');
    await platform.servers.wipe('nats');
    await platform.servers.flush();
  }
  await platform.restore();
  return said;
}

beforeAll(async () => {
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      if (takes) told.push(Buffer.concat(chunks).toString());
      response.writeHead(takes ? 204 : 503).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  platform = await RunningPlatform.start(topology, { WEBHOOK_INSIDE_ORIGINS: receiverUrl() });
  demo = await platform.demo();
  folder = await mkdtemp(join(tmpdir(), 'rollcall-backups-'));
});

afterAll(async () => {
  await platform?.stop();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

describe('a backup that is restored', () => {
  let before: Somebody;
  let stays: Somebody;
  let erased: Somebody;
  let later: Somebody;
  const receipts: { document: string; sequence: number }[] = [];

  it('is made while the platform serves', async () => {
    expect((await platform.api.post(`/v1/admin/projects/${demo.project.id}/webhooks`, { headers: superAdmin(), body: { url: receiverUrl(), types: ['rollcall.user.created'] } })).status).toBe(201);
    [before, stays, erased] = [await somebody('erased-before'), await somebody('stays'), await somebody('erased-after')];
    receipts.push(await erase(before));
    await eventually(async () => expect(await waiting(erased)).toBe(1));
    // Due soon after the backup, however often it was tried.
    await platform.query('operations', `UPDATE webhook_deliveries SET next_attempt_at = now() + interval '5 seconds' WHERE state = 'pending'`);
    expect(await tool('backup', path('whole'))).toMatch(/^The backup is in /);
    const manifest = JSON.parse(await readFile(path('whole/manifest.json'), 'utf8')) as { services: object; taken_at: string };
    expect(Object.keys(manifest.services)).toEqual(['identity', 'profiles', 'membership', 'operations']);
    later = await somebody('came-later');
    receipts.push(await erase(erased));
  }, 180_000);

  it('is not made over another, and not restored over what is there, where Rollcall runs, or under another master key', async () => {
    expect(await platform.runTool('backup', path('whole'))).toMatchObject({ code: 1, stderr: expect.stringMatching(/is there already: name a new folder\.\n$/) });
    expect(await platform.runTool('restore', path('whole'), '--replace')).toMatchObject({ code: 1, stderr: expect.stringMatching(/in use/) });
    await platform.endProcesses();
    expect(await platform.runTool('restore', path('whole'))).toMatchObject({ code: 1, stderr: expect.stringMatching(/--replace lets them go/) });
    const text = await readFile(path('whole/manifest.json'), 'utf8');
    await writeFile(path('whole/manifest.json'), text.replace(/"master_key": "\w+"/, '"master_key": "00000000"'));
    expect(await platform.runTool('restore', path('whole'), '--replace')).toMatchObject({ code: 1, stderr: expect.stringMatching(/sealed under the master key 00000000/) });
    await writeFile(path('whole/manifest.json'), text);
    await platform.restore();
    expect(await seen(later)).toEqual(present);
  }, 180_000);

  it('is as it was, but that nobody comes back who was erased since', async () => {
    takes = true;
    expect(await restore(path('whole'), '--replace')).toMatch(/Erasures since then: 1; 1 of their users were in the backup/);
    expect(await seen(stays)).toEqual(present);
    expect(await seen(later)).toEqual(absent);
    for (const one of [before, erased]) {
      expect(await seen(one)).toEqual(absent);
      expect((await platform.api.post(`/v1/users/${one.uid}/events`, { basic: basic(), body: { event: 'Late' } })).status).toBe(410);
      for (const [service, table] of [['profiles', 'users'], ['profiles', 'user_events'], ['identity', 'logins']] as const) expect(await platform.query(service, `SELECT user_id FROM ${table} WHERE user_id = $1`, [one.id])).toEqual([]);
    }
  }, 180_000);

  it('tells webhooks what waited in it once it serves, and nothing of who is erased', async () => {
    await eventually(() => expect(told.map((body) => (JSON.parse(body) as { subject: string }).subject)).toEqual(expect.arrayContaining([stays.id, erased.id])), 60_000);
    expect(told.join()).toContain(stays.email);
    expect(told.join()).not.toContain(erased.uid);
    for (const body of told) expect([erased.id, before.id].includes((JSON.parse(body) as { subject: string }).subject)).toBe((JSON.parse(body) as { data: { erased: boolean } }).data.erased);
  });

  it('has the receipts that were given out since, in one chain with those that came of it', async () => {
    await chainIsWhole();
  });

  it('goes on: users are made, tracked and erased', async () => {
    const one = await somebody('after-the-restore');
    expect(await seen(one)).toEqual(present);
    receipts.push(await erase(one));
    expect(await seen(one)).toEqual(absent);
  });

  it('is restored on an empty server too, by what is known of erasures at another place', async () => {
    expect(await tool('backup', '--erasures', path('erasures'))).toMatch(/^What is known of erasures is in /);
    await platform.endProcesses();
    // All in one, its Postgres has stopped with it; what it knows is then what was copied.
    if (topology === 'services') await platform.maintain('DROP DATABASE {}');
    await rm(path('whole/erasures-of-the-replaced'), { recursive: true, force: true });
    expect(await restore(path('whole'), '--replace', '--erasures', path('erasures'))).toMatch(/Erasures since then: [1-9]/);
    await asItShouldBe();
  }, 180_000);

  it('may be from before the master key was changed: with that of then beside it, until everything is sealed under the new one', async () => {
    const before = await changeMasterKey();
    await platform.endProcesses();
    expect(await platform.runTool('restore', path('whole'), '--replace')).toMatchObject({ code: 1, stderr: expect.stringMatching(/sealed under the master key [0-9a-f]{8}, and the one given is [0-9a-f]{8}: give the key of that time/) });
    platform.give({ ROLLCALL_MASTER_KEY_PREVIOUS: before });
    await restore(path('whole'), '--replace');
    await asItShouldBe();
    await platform.endProcesses();
    platform.give({ ROLLCALL_MASTER_KEY_PREVIOUS: undefined });
    await platform.restore();
    await asItShouldBe();
  }, 240_000);

  if (topology === 'services') {
    it('may be of tools of one’s own: nobody comes back once what is known of erasures is brought into it', async () => {
      await platform.endProcesses();
      await platform.maintain('CREATE DATABASE {}_copy TEMPLATE {}');
      await platform.restore();
      receipts.push(await erase(stays));
      await tool('backup', '--erasures', path('erasures'));
      await platform.endProcesses();
      await platform.maintain('DROP DATABASE {}');
      await platform.maintain('ALTER DATABASE {}_copy RENAME TO {}');
      expect(await restore('--erasures', path('erasures'))).toMatch(/^Erasing again .*Erasures since then: 1; 1 of their users were in the backup/s);
      expect(await seen(stays)).toEqual(absent);
      await chainIsWhole();
    }, 180_000);
  }

  /** As docs/administrators/master-key.md says. @returns the key before */
  async function changeMasterKey(): Promise<string> {
    if (topology === 'all-in-one') {
      const key = (await readFile(join(platform.dataDir, 'master.key'), 'utf8')).trim();
      const outcome = await platform.runTool('rotate-master-key');
      expect(outcome).toMatchObject({ code: 0, stderr: '' });
      await platform.endProcesses();
      await platform.restore();
      return key;
    }
    const key = platform.given('ROLLCALL_MASTER_KEY');
    await platform.endProcesses();
    platform.give({ ROLLCALL_MASTER_KEY: randomBytes(32).toString('base64'), ROLLCALL_MASTER_KEY_PREVIOUS: key });
    await platform.restore();
    platform.give({ ROLLCALL_MASTER_KEY_PREVIOUS: undefined });
    return key;
  }

  async function asItShouldBe(): Promise<void> {
    expect(await seen(erased)).toEqual(absent);
    expect(await seen(stays)).toEqual(present);
    await chainIsWhole();
  }

  async function chainIsWhole(): Promise<void> {
    for (const { sequence, document } of receipts) expect((await platform.api.get(`/v1/admin/receipts/${sequence}`, { headers: superAdmin() })).text).toBe(document);
    expect((await platform.api.get('/v1/admin/receipts/verification', { headers: superAdmin() })).body).toMatchObject({ valid: true });
  }
});
