import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/platform/testing';
import { found, leftOf } from './canary-files.js';
import { CanaryUsers, firstStaff } from './canary-users.js';
import { atOnce, platform, secondsSince, seen, sized, topology } from './fault-world.js';
import { environmentToken, keyAndSecret as basic, platform as given, projectSlug, unique } from './platform-under-test.js';

const [users, staff] = [sized(10, 960), sized(2, 40)];
const [part] = topology === 'all-in-one' ? (['all'] as const) : (['workers'] as const);
const isErased = (number: number) => number % 2 === 1;
const customers = [...Array(users).keys()];
const range = [...customers, ...Array.from({ length: staff }, (_, index) => firstStaff + index)];
const services = ['identity', 'profiles', 'membership', 'operations'] as const;
const orgAdmin = { headers: { 'x-api-key': given.demo.apiKey } };

async function all<T>(things: readonly T[], work: (thing: T) => Promise<unknown>): Promise<void> {
  const waiting = [...things];
  await atOnce(async () => {
    for (let thing = waiting.shift(); thing !== undefined; thing = waiting.shift()) await work(thing);
  }, 8);
}

describe('half of the users, erased by every surface under traffic', () => {
  const others = range.filter((number) => !isErased(number));
  const erased = range.filter(isErased);
  const before = new Map<number, string>();
  /** Where the events of these users begin; those of other specs are not sent again. */
  const firstEvents = new Map<string, string>();
  const bystanders = Array.from({ length: 4 }, () => unique('bystander'));
  let world: CanaryUsers;

  beforeAll(async () => {
    await platform.kill(part, 'SIGTERM');
    await platform.launch(part, { ERASURE_REMOVAL_AFTER: sized('1s', '30s') });
    await platform.untilReady();
    for (const service of services) firstEvents.set(service, (await platform.query<{ last: string }>(service, 'SELECT coalesce(max(sequence), 0)::text AS last FROM outbox'))[0]!.last);
    world = new CanaryUsers(await environmentToken());
    await all([...range].reverse(), (number) => (number < firstStaff ? world.customer(number) : world.staff(number)));
    expect(await world.file(customers)).toMatchObject({ created: 0, updated: users, failed: users });
    for (const id of bystanders) expect((await platform.api.post('/v1/users', { basic, body: { id } })).status).toBe(200);
    // The audit trail is collected within seconds, and what is merged is erased by then.
    await eventually(async () => {
      for (const service of services.slice(0, 3)) expect(await platform.query(service, 'SELECT FROM audit_entries LIMIT 1')).toEqual([]);
      expect(await platform.query('operations', `SELECT FROM erasures WHERE state <> 'done'`)).toEqual([]);
    }, 60_000);
    for (const service of services) await platform.query(service, 'ANALYZE'); // as autovacuum does within minutes: statistics hold values
    await all(others, async (number) => before.set(number, await world.told(number)));
  }, 600_000);

  afterAll(async () => {
    await platform.kill(part, 'SIGTERM');
    await platform.restore();
  });

  it('stand in the files before', async () => {
    // Files that are being rewritten while they are read, after what other specs erased, show nothing.
    await eventually(async () => {
      const hits = await found();
      expect(range.filter((number) => !hits.has(number))).toEqual([]);
    }, 60_000);
  });

  it('are gone from every file within the time, and nobody else is', async () => {
    const { api } = platform;
    const start = performance.now();
    const token = await environmentToken();
    let going = true;
    const traffic = atOnce(async (client) => {
      for (let n = 0; going; n += 1) {
        await api.post(`/v1/users/${bystanders[(client + n) % bystanders.length]!}/events`, { basic, body: { event: 'Other' } });
        await sleep(sized(20, 0));
      }
    }, 2);
    const jobs = await eraseAll(token);
    // Gone logically at once.
    await all(erased, async (number) => {
      const answer = number < firstStaff ? await api.get(`/v1/users/${world.uid(number)}`, { basic }) : await api.get(`/v1/admin/users/${world.ids.get(number)}`, orgAdmin);
      expect([number, answer.status]).toEqual([number, 404]);
    });

    await eventually(async () => {
      expect(await platform.query('operations', `SELECT FROM erasures WHERE state <> 'done'`)).toEqual([]);
      expect(await platform.query('operations', `SELECT FROM receipts WHERE kind = 'erasure' AND removal_sequence IS NULL`)).toEqual([]);
    }, 400_000);
    const took = secondsSince(start);
    going = false;
    await traffic;
    for (const job of jobs) {
      const { body } = await api.get(`/v1/admin/erasures/${job}`, orgAdmin);
      expect(body).toMatchObject({ state: 'done', removal_receipt: { complete: true, write_ahead_log: 'removed', services: { profiles: { users: 'rewritten' } } } });
      expect(Date.parse(body.removal_receipt.finished_at)).toBeLessThanOrEqual(Date.parse(body.receipt.left.bytes_until));
    }
    expect((await api.get('/v1/admin/receipts/verification', { headers: { 'x-api-key': given.demo.superAdmin.apiKey } })).body).toMatchObject({ valid: true });
    expect(await leftOf(erased)).toEqual([]);
    seen(`erasure of ${erased.length} of ${range.length} users (${topology})`, { 'gone from the files after s': took });
    const different: number[] = [];
    await all(others, async (number) => {
      if ((await world.told(number)) !== before.get(number)) different.push(number);
    });
    expect(different).toEqual([]);
  }, 600_000);

  it('do not come back when every event and every request is sent again, and leave nothing in the files by that', async () => {
    // As the relay does when the broker has lost its store. What is younger than two minutes JetStream takes for the same message and keeps to itself.
    for (const service of services) await platform.query(service, 'UPDATE outbox SET published_at = NULL WHERE published_at IS NOT NULL AND sequence > $1', [firstEvents.get(service)]);
    const taken: string[] = [];
    await all(erased, async (number) => {
      taken.push(...(await world.replay(number)));
    });
    expect([...new Set(taken)]).toEqual([]);
    const ofFile = erased.filter((number) => number < firstStaff);
    expect(await world.file(ofFile)).toMatchObject({ created: 0, updated: 0, failed: 2 * ofFile.length });
    await eventually(async () => {
      for (const service of services) expect(await platform.query(service, 'SELECT FROM outbox WHERE published_at IS NULL LIMIT 1')).toEqual([]);
    }, 120_000);
    const ids = [...erased.map((number) => world.ids.get(number)!)];
    const held = { profiles: ['users', 'directory', 'user_events'], identity: ['logins'], membership: ['organisation_members', 'project_members', 'invitations'] };
    for (const [service, tables] of Object.entries(held)) for (const table of tables) expect([table, await platform.query(service, `SELECT user_id FROM ${table} WHERE user_id = ANY ($1::uuid[])`, [ids])]).toEqual([table, []]);
    await all(erased.filter((number) => number < firstStaff), async (number) => expect([number, (await platform.api.get(`/v1/users/${world.uid(number)}`, { basic })).status]).toEqual([number, 404]));
    expect(await leftOf(erased)).toEqual([]);
  }, 600_000);

  /** Each surface's part. @returns the jobs */
  async function eraseAll(bearer: string): Promise<Set<string>> {
    const { api } = platform;
    const jobs = new Set<string>();
    const done = (answer: { status: number; headers: Headers }, status: number) => {
      expect(answer.status).toBe(status);
      jobs.add(answer.headers.get('x-rollcall-job-id')!);
    };
    const ofKind = (...kinds: number[]) => erased.filter((number) => number < firstStaff && kinds.includes(number % 10));
    await all(ofKind(1), async (number) => done(await api.delete(`/v1/users/${world.uid(number)}`, { basic }), 200));
    await all(ofKind(3), async (number) => done(await api.delete(`/${projectSlug}/users/${world.ids.get(number)}`, orgAdmin), 204));
    await all(erased.filter((number) => number >= firstStaff), async (number) => done(await api.post(`/v1/admin/users/${world.ids.get(number)}/erase`, orgAdmin), 202));
    const rest = [...ofKind(5, 7, 9).map((number) => world.uid(number)), ...ofKind(5).map((number) => world.account(number)!)];
    for (let at = 0; at < rest.length; at += 100) {
      const { status, body } = await api.put('/delete-users', { bearer, body: { data: rest.slice(at, at + 100) } });
      expect([status, body.data.length, body.unknown]).toEqual([200, Math.min(100, rest.length - at), []]);
      jobs.add(body.job_id as string);
    }
    return jobs;
  }
});
