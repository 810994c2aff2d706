import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { api, adminToken, platform, query, unique } from './platform-under-test.js';

const superAdmin = { 'x-api-key': platform.demo.superAdmin.apiKey };
const orgAdmin = { 'x-api-key': platform.demo.apiKey };
const base = '/v1/admin/dead-letters';

/** Consumers of these tests; nothing of others is touched. */
const since = new Date(Date.now() - 1_000).toISOString();
const ids: string[] = [];

/** What giving up an event leaves in the database of the service: the inbox row, and the letter. */
async function giveUp(service: string, consumer: string, data: object, type = 'membership.team.created'): Promise<string> {
  const eventId = uuidv7();
  ids.push(eventId);
  await query(service, 'INSERT INTO inbox (consumer, event_id) VALUES ($1, $2)', [consumer, eventId]);
  await query(service, `INSERT INTO dead_letters (consumer, event_id, type, data, request_id, occurred_at, deliveries, error) VALUES ($1, $2, $3, $4, 'r-1', now(), 8, 'Error')`, [consumer, eventId, type, JSON.stringify(data)]);
  return eventId;
}

const feedOf = (eventId: string) => query('operations', 'SELECT seq FROM feed WHERE event_id = $1', [eventId]);
const team = () => ({ teamId: uuidv7(), organisationId: platform.demo.org.id });

afterAll(async () => {
  for (const service of ['identity', 'profiles', 'membership', 'operations']) await query(service, 'DELETE FROM dead_letters WHERE event_id = ANY ($1)', [ids]);
  // No service has written these: whoever compares the feed with the outboxes would miss them there.
  await query('operations', 'DELETE FROM feed WHERE event_id = ANY ($1)', [ids]);
});

describe('dead letters', () => {
  it('are shown, replayed once they can be, and have their effect once', async () => {
    const eventId = await giveUp('operations', 'feed', { teamId: 'no id' });
    const letter = `${base}/operations/feed/${eventId}`;
    const shown = await api.get(letter, { headers: superAdmin });
    expect(shown.body).toEqual({
      service: 'operations',
      consumer: 'feed',
      event_id: eventId,
      subject: 'membership.team.created',
      request_id: 'r-1',
      occurred_at: expect.stringMatching(/Z$/),
      dead_since: expect.stringMatching(/Z$/),
      deliveries: 8,
      error: 'Error',
      replay_requested_at: null,
      data: { teamId: 'no id' },
    });
    const failed = await api.post(`${letter}/replay`, { headers: superAdmin });
    expect(failed).toMatchObject({ status: 200, body: { replayed: false, dead_letter: { deliveries: 9, error: 'invalid event: teamId invalid_format, organisationId invalid_type' } } });
    expect(await feedOf(eventId)).toEqual([]);

    await query('operations', 'UPDATE dead_letters SET data = $2 WHERE event_id = $1', [eventId, JSON.stringify(team())]);
    const replays = await Promise.all([1, 2, 3].map(() => api.post(`${letter}/replay`, { headers: superAdmin })));
    expect(replays.map(({ status }) => status).filter((status) => status !== 404)).toContain(200);
    expect(replays.filter(({ status }) => status === 200).every(({ body }) => body.replayed === true)).toBe(true);
    expect(await feedOf(eventId)).toHaveLength(1);
    expect((await api.get(letter, { headers: superAdmin })).status).toBe(404);
    const audit = await api.get(`/v1/admin/audit?target=feed/${eventId}`, { headers: superAdmin });
    expect(audit.body.entries).toContainEqual(expect.objectContaining({ action: 'dead-letter.replay-requested', target: { type: 'dead-letter', id: `feed/${eventId}` } }));
  });

  it('of all services are one list, newest first, through which cursors lead', async () => {
    const consumer = unique('e2e').toLowerCase();
    const made: string[] = [];
    for (const service of ['identity', 'profiles', 'membership', 'operations', 'profiles']) made.push(`${service} ${await giveUp(service, consumer, team())}`);
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null && pages < 10; pages += 1) {
      const { body, status } = await api.get(`${base}?consumer=${consumer}&limit=2&from=${since}${cursor === '' ? '' : `&cursor=${cursor}`}`, { headers: superAdmin });
      expect([status, body.unreachable]).toEqual([200, []]);
      seen.push(...(body.dead_letters as { service: string; event_id: string }[]).map(({ service, event_id }) => `${service} ${event_id}`));
      cursor = body.next_cursor as string | null;
    }
    expect(seen).toEqual(made.reverse());
    const { next_cursor } = (await api.get(`${base}?consumer=${consumer}&limit=2`, { headers: superAdmin })).body as { next_cursor: string };
    expect(await api.get(`${base}?consumer=${consumer}&service=profiles&limit=2&cursor=${next_cursor}`, { headers: superAdmin })).toMatchObject({ status: 400, body: { code: 'invalid-cursor' } });
    expect((await api.get(`${base}?consumer=${consumer}&service=profiles`, { headers: superAdmin })).body.dead_letters).toHaveLength(2);
    const counts = (await api.get(`${base}/summary`, { headers: superAdmin })).body.counts as { service: string; consumer: string; count: number }[];
    expect(counts.filter((count) => count.consumer === consumer).map(({ service, count }) => [service, count])).toEqual([['identity', 1], ['membership', 1], ['operations', 1], ['profiles', 2]]);

    expect(await api.post(`${base}/discard`, { headers: superAdmin, body: { consumer, service: 'profiles', reason: 'no-longer-needed' } })).toMatchObject({ status: 200, body: { discarded: 2, more: false, unreachable: [] } });
    const [identitys] = made.filter((one) => one.startsWith('identity')).map((one) => one.split(' ')[1]!);
    const discard = () => api.post(`${base}/identity/${consumer}/${identitys!}/discard`, { headers: superAdmin, body: { reason: 'duplicate' } });
    expect((await discard()).status).toBe(204);
    expect((await discard()).status).toBe(404);
    const audit = await api.get(`/v1/admin/audit?target=${consumer}/${identitys!}`, { headers: superAdmin });
    expect(audit.body.entries).toMatchObject([{ action: 'dead-letter.discarded', after: ['reason:duplicate'], surface: 'admin' }]);
  });

  it.each([
    ['GET', '?service=gateway', 'service'],
    ['GET', '?from=yesterday', 'from'],
    ['GET', '?limit=101', 'limit'],
    ['GET', '?cursor=abc', 'cursor'],
    ['GET', '?consumer=%00', 'consumer'],
    ['POST', '/discard', 'reason'],
    ['POST', '/replay', 'body'],
  ])('%s %s is a 400 that names what is wrong', async (method, path, place) => {
    const answer = await api.send(method, `${base}${path}`, { headers: superAdmin, ...(method === 'POST' ? { body: path === '/replay' ? [] : { service: 'profiles' } } : {}) });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(place);
  });

  it('are not thrown away all at once by an empty question', async () => {
    expect(await api.post(`${base}/discard`, { headers: superAdmin, body: { reason: 'duplicate' } })).toMatchObject({ status: 400 });
  });

  it('are for super administrators, and an unknown one is a 404', async () => {
    for (const credentials of [{ headers: orgAdmin }, { bearer: await adminToken() }]) expect((await api.get(base, credentials)).status).toBe(403);
    expect((await api.get(base)).status).toBe(401);
    for (const path of [`profiles/feed/${randomUUID()}`, 'profiles/feed/17', `nobody/feed/${randomUUID()}`, `profiles/%00/${randomUUID()}`]) {
      expect(await api.get(`${base}/${path}`, { headers: superAdmin })).toMatchObject({ status: 404, body: { code: 'dead-letter-not-found' } });
      expect((await api.post(`${base}/${path}/replay`, { headers: superAdmin })).status).toBe(404);
    }
  });
});
