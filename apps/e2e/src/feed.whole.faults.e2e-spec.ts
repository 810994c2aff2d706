import { afterAll, describe, expect, it } from '@jest/globals';
import { eventually, pause } from '#libs/platform/testing';
import { answerOf, atOnce, platform, secondsSince, seen, sized, topology } from './fault-world.js';
import { unique } from './platform-under-test.js';

const kills = sized(4, 12);
const clients = 6;
const usersOfClient = 5;

interface Event {
  id: string;
  type: string;
  subject: string;
  sequence: string;
  data: { version?: number };
}

describe('the events feed, read by two consumers while processes are killed and the broker loses its store', () => {
  afterAll(async () => {
    await platform.restore();
  });

  it('shows each consumer every change once, in order, and no other than the databases know', async () => {
    const { org, superAdmin } = await platform.demo();
    const headers = { 'x-api-key': superAdmin.apiKey };
    const slug = unique('feed');
    const projectId = (await platform.api.post('/v1/admin/projects', { headers, body: { org_id: org.id, name: slug, slug } })).body.project_id as string;
    const key = (await platform.api.post(`/v1/admin/projects/${projectId}/engagement-keys`, { headers, body: {} })).body as { key: string; secret: string };
    const basic = [key.key, key.secret] as const;

    let acknowledged = 0;
    let writing = true;
    const writers = atOnce(async (client) => {
      for (let next = 0; writing; next += 1) {
        const uid = `${slug}-${client}-${next % usersOfClient}`;
        const { status } = await answerOf(platform.api.post('/v1/users', { basic, body: { id: uid, first_name: String(next) } }));
        if (status === 200) acknowledged += 1;
        else await pause(20);
      }
    }, clients);

    let reading = true;
    /** Follows the feed as a consumer does: asks again where nobody answered, and goes on from the last answer. */
    const follow = async (start: number): Promise<Event[]> => {
      const events: Event[] = [];
      for (let after = String(start); ; ) {
        const last = !reading;
        const { status, body } = await answerOf(platform.api.get(`/v1/admin/projects/${projectId}/events-feed?after=${after}&limit=37`, { headers }));
        if (status === 0 || status >= 500) {
          await pause(100);
          continue;
        }
        expect(status).toBe(200);
        events.push(...(body.events as Event[]));
        after = body.next_after as string;
        if (body.has_more === false && last) return events;
        if (body.has_more === false) await pause(50);
      }
    };
    await eventually(async () => expect((await answerOf(platform.api.get(`/v1/admin/projects/${projectId}/events-feed?after=latest`, { headers }))).body.next_after).not.toBe('0'));
    const consumers = [follow(0), follow(1)];

    const parts = topology === 'services' ? (['workers', 'profiles', 'gateway'] as const) : (['all'] as const);
    for (let time = 0; time < kills; time += 1) {
      await pause(700);
      if (topology === 'services' && time % 4 === 3) {
        await platform.servers.crash('nats');
        await platform.servers.wipe('nats');
        await platform.startServer('nats');
      } else {
        const part = parts[time % parts.length]!;
        await platform.kill(part);
        await platform.launch(part);
      }
      await platform.untilReady();
    }
    writing = false;
    await writers;
    const ended = performance.now();
    await eventually(async () => expect(await platform.query('profiles', `SELECT FROM outbox WHERE fed_at IS NULL AND data->>'realmId' = $1`, [projectId])).toEqual([]), 60_000);
    const caughtUp = secondsSince(ended);
    reading = false;
    const [one, other] = await Promise.all(consumers);

    const truth = await platform.query<{ id: string; user_id: string; version: number }>('profiles', `SELECT id, data->>'userId' AS user_id, (data->>'version')::int AS version FROM outbox WHERE type = 'profiles.user.changed' AND data->>'realmId' = $1 ORDER BY sequence`, [projectId]);
    seen('feed read by two, processes killed', { kills, acknowledged, changes: truth.length, events: one!.length, 'caught up after s': caughtUp });
    expect(one!.map(({ sequence }) => Number(sequence))).toEqual(one!.map((_, place) => place + 1));
    expect(other).toHaveLength(one!.length - 1);
    expect(other!.map(({ id }) => id)).toEqual(one!.slice(1).map(({ id }) => id));
    const changes = one!.filter(({ type }) => type === 'rollcall.user.created' || type === 'rollcall.user.updated');
    expect(changes.map(({ id }) => id).sort()).toEqual(truth.map(({ id }) => id).sort());
    for (const userId of new Set(truth.map(({ user_id }) => user_id))) {
      expect(changes.filter(({ subject }) => subject === userId).map(({ data }) => data.version)).toEqual(truth.filter(({ user_id }) => user_id === userId).map(({ version }) => version));
    }
    expect(truth.length).toBeGreaterThanOrEqual(acknowledged);
    expect(platform.unexpectedExits).toEqual([]);
  }, 600_000);
});
