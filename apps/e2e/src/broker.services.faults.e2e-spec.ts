import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, pause } from '#libs/platform/testing';
import { answerOf, platform, secondsSince, seen, sized } from './fault-world.js';
import { callsOfEachService, Traffic } from './fault-traffic.js';
import { keyAndSecret as basic, projectSlug, unique } from './platform-under-test.js';

const kills = sized(0, 20); // in short, `outage.faults.e2e-spec.ts` stops it
const services = ['identity', 'profiles', 'membership'] as const;

describe('nats-server, killed again and again, and at last without its store', () => {
  let calls: Awaited<ReturnType<typeof callsOfEachService>>;
  let plan: string;
  let segmentId: string;

  beforeAll(async () => {
    calls = await callsOfEachService();
    plan = unique('plan');
    const { project, apiKey } = await platform.demo();
    const made = await platform.api.post(`/v1/admin/projects/${project.id}/segments`, { headers: { 'x-api-key': apiKey }, body: { name: plan, rule: { 'attributes.plan': plan } } });
    segmentId = made.body.segment_id as string;
  });

  afterAll(async () => {
    await platform.restore();
  });

  /** Users with logins and roles, and users in and out of a segment: what projections are made of. */
  async function change(round: number): Promise<void> {
    const { apiKey } = await platform.demo();
    const headers = { 'x-api-key': apiKey };
    for (let number = 0; number < 4; number += 1) {
      const username = unique(`broker-${round}`);
      const registered = await answerOf(platform.api.post(`/${projectSlug}/users/register`, { headers, body: { username, email: `${username}@example.com`, password: 'correct horse battery', roles: ['viewer'] } }));
      if (registered.status === 200 && number % 2 === 0) await answerOf(platform.api.post(`/${projectSlug}/users/${String(registered.body.result)}/status`, { headers, body: { isActive: false } }));
      const uid = unique('planned');
      await answerOf(platform.api.post('/v1/users', { basic, body: { id: uid, meta: { plan } } }));
      if (number % 2 === 0) await answerOf(platform.api.post('/v1/users', { basic, body: { id: uid, meta: { plan: 'none' } } }));
    }
  }

  it('loses no event, and no projection differs from what it is made of, row by row', async () => {
    const traffic = new Traffic('broker', calls, undefined, 20).start(4);
    for (let time = 0; time < kills; time += 1) {
      await Promise.all([change(time), pause(1_000).then(() => platform.servers.crash('nats'))]);
      await platform.startServer('nats');
      await platform.untilReady();
    }
    // Events that are in the broker's store alone when it goes: nobody has taken them yet.
    await platform.kill('workers');
    await change(kills);
    await traffic.stop();
    await eventually(async () => {
      for (const service of services) expect(await platform.query(service, `SELECT FROM outbox WHERE published_at IS NULL AND NOT data ? 'poison'`)).toEqual([]);
    }, 90_000);
    await platform.servers.crash('nats');
    await platform.servers.wipe('nats');
    await platform.launch('workers');
    await platform.startServer('nats');
    const start = performance.now();
    await eventually(sameFeed, 60_000);
    const filled = secondsSince(start);
    await platform.untilReady();
    const compared = await eventually(async () => ({ events: await sameFeed(), logins: await sameLogins(), roles: await sameRoles(), 'segment members': await sameSegment() }), 60_000);
    seen('nats-server killed, then its store wiped', { kills, ...compared, 'filled again after s': filled, requests: traffic.sent, refused: traffic.failed.length });
    expect(await traffic.lost()).toEqual([]);
    expect(platform.unexpectedExits).toEqual([]);
  }, 600_000);

  /** The feed against the outboxes. @returns rows that were compared */
  async function sameFeed(): Promise<number> {
    const columns = `type, data::text AS data, occurred_at AS at`;
    const truth = (await Promise.all(services.map((service) => platform.query<Row>(service, `SELECT id, ${columns} FROM outbox WHERE NOT data ? 'poison'`)))).flat();
    return same(truth, await platform.query<Row>('operations', `SELECT event_id AS id, ${columns} FROM feed WHERE type ~ '^(identity|profiles|membership)\\.'`));
  }

  async function sameLogins(): Promise<number> {
    const truth = await platform.query<Row>('identity', `SELECT user_id AS id, user_name, is_active, version FROM logins WHERE status = 'active' AND user_name LIKE 'broker-%'`);
    return same(truth, await platform.query<Row>('profiles', `SELECT user_id AS id, user_name, is_active, login_version AS version FROM directory WHERE user_name LIKE 'broker-%'`));
  }

  async function sameRoles(): Promise<number> {
    const { project } = await platform.demo();
    const truth = await platform.query<Row>('membership', 'SELECT user_id AS id, array_agg(role ORDER BY role) AS roles FROM project_members WHERE project_id = $1 AND at_home GROUP BY 1', [project.id]);
    const known = await platform.query<Row>('profiles', `SELECT user_id AS id, ARRAY(SELECT unnest(roles) ORDER BY 1) AS roles FROM directory WHERE realm_id = $1 AND roles <> '{}'`, [project.id]);
    return same(truth, known);
  }

  async function sameSegment(): Promise<number> {
    const truth = await platform.query<Row>('profiles', `SELECT user_id AS id FROM users WHERE attributes->>'plan' = $1 AND hidden_by IS NULL`, [plan]);
    return same(truth, await platform.query<Row>('profiles', 'SELECT user_id AS id FROM segment_members WHERE segment_id = $1 AND member', [segmentId]));
  }
});

interface Row {
  id: string;
}

function same(truth: Row[], projection: Row[]): number {
  const sorted = (rows: Row[]) => rows.map((row) => JSON.stringify(row)).sort();
  expect(truth.length).toBeGreaterThan(0);
  expect(sorted(projection)).toEqual(sorted(truth));
  return truth.length;
}
