import { createServer, type IncomingMessage, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook as Verifier } from 'standardwebhooks';
import { eventually, pause } from '#libs/platform/testing';
import { answerOf, atOnce, platform, secondsSince, seen, sized, topology } from './fault-world.js';
import { platform as given, unique } from './platform-under-test.js';

const stops = sized(2, 8);
/** Of ten minutes each, in which the receiver is down. */
const steps = sized(2, 6);
const clients = 4;
const usersOfClient = 5;
const part = topology === 'services' ? 'workers' : 'all';

interface Event {
  id: string;
  type: string;
  subject: string;
  data: { version: number };
}

describe('webhooks, while workers are stopped and killed, and after their receiver was down for an hour', () => {
  let receiver: Server;
  let isDown = false;
  let verifier: Verifier;
  let asked = 0;
  let unsigned = 0;
  const taken: Event[] = [];

  beforeAll(async () => {
    const take = (request: IncomingMessage, body: string): number => {
      asked += 1;
      if (isDown) return 503;
      try {
        verifier.verify(body, request.headers as Record<string, string>);
      } catch {
        unsigned += 1;
      }
      taken.push(JSON.parse(body) as Event);
      return 204;
    };
    receiver = createServer((request, response) => {
      const chunks: Buffer[] = [];
      // An answer takes its time, so that many are under way when a process goes.
      request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => setTimeout(() => response.writeHead(take(request, Buffer.concat(chunks).toString())).end(), 20));
    });
    await new Promise<void>((resolve) => receiver.listen(given.webhookPort, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
    await platform.restore();
  });

  it('are all delivered, signed, and in order for each user', async () => {
    const { org, superAdmin } = await platform.demo();
    const headers = { 'x-api-key': superAdmin.apiKey };
    const slug = unique('hooked');
    const projectId = (await platform.api.post('/v1/admin/projects', { headers, body: { org_id: org.id, name: slug, slug } })).body.project_id as string;
    const key = (await platform.api.post(`/v1/admin/projects/${projectId}/engagement-keys`, { headers, body: {} })).body as { key: string; secret: string };
    const basic = [key.key, key.secret] as const;
    const made = await platform.api.post(`/v1/admin/projects/${projectId}/webhooks`, { headers, body: { url: `http://127.0.0.1:${given.webhookPort}/`, types: ['rollcall.user.created', 'rollcall.user.updated'] } });
    const webhookId = made.body.webhook_id as string;
    verifier = new Verifier(made.body.secret as string);
    const clocks = (text: string) => platform.query('operations', text, [webhookId]);
    /** As if so long had passed: every clock of the webhook's is put back, and nothing else. */
    const pass = async (time: string) => {
      await clocks(`UPDATE webhooks SET retry_at = retry_at - interval '${time}', failing_since = failing_since - interval '${time}' WHERE webhook_id = $1`);
      await clocks(`UPDATE webhook_deliveries SET next_attempt_at = next_attempt_at - interval '${time}', give_up_at = give_up_at - interval '${time}' WHERE webhook_id = $1 AND state = 'pending'`);
    };

    let writing = true;
    const writers = atOnce(async (client) => {
      for (let next = 0; writing; next += 1) {
        const { status } = await answerOf(platform.api.post('/v1/users', { basic, body: { id: `${slug}-${client}-${next % usersOfClient}`, first_name: String(next) } }));
        await pause(status === 200 ? 50 : 200);
      }
    }, clients);

    await eventually(() => expect(taken.length).toBeGreaterThan(20), 30_000);
    for (let time = 0; time < stops; time += 1) {
      await pause(1_500);
      await platform.kill(part, time % 2 === 0 ? 'SIGKILL' : 'SIGTERM');
      await platform.launch(part);
      await platform.untilReady();
    }
    const takenBefore = taken.length;

    // Down for an hour, in steps of ten minutes with tries in between; once the workers die in it.
    isDown = true;
    const askedBefore = asked;
    for (let step = 0; step < steps; step += 1) {
      await pass('10 minutes');
      await pause(6_000);
      if (step !== steps >> 1) continue;
      await platform.kill(part);
      await platform.launch(part);
      await platform.untilReady();
    }
    writing = false;
    await writers;
    const askedWhileDown = asked - askedBefore;
    const [{ pending } = { pending: 0 }] = (await clocks(`SELECT count(*)::int AS pending FROM webhook_deliveries WHERE webhook_id = $1 AND state = 'pending'`)) as { pending: number }[];
    expect(pending).toBeGreaterThan(clients * usersOfClient);

    isDown = false;
    const back = performance.now();
    await pass('5 minutes'); // the longest rest
    await eventually(async () => {
      expect(await platform.query('profiles', `SELECT FROM outbox WHERE fed_at IS NULL AND data->>'realmId' = $1`, [projectId])).toEqual([]);
      expect(await clocks(`SELECT state FROM webhook_deliveries WHERE webhook_id = $1 AND state <> 'delivered' LIMIT 1`)).toEqual([]);
      expect((await platform.api.get(`/v1/admin/projects/${projectId}/webhooks/${webhookId}`, { headers })).body).toMatchObject({ enabled: true, pending: 0 });
    }, 180_000);

    const truth = await platform.query<{ user_id: string; version: number }>('profiles', `SELECT data->>'userId' AS user_id, (data->>'version')::int AS version FROM outbox WHERE type = 'profiles.user.changed' AND data->>'realmId' = $1 ORDER BY sequence`, [projectId]);
    const again = taken.length - new Set(taken.map(({ id }) => id)).size;
    seen('webhooks, workers stopped and killed, receiver down', { stops: stops + 1, events: truth.length, 'before it was down': takenBefore, 'waited for it': pending, 'asked while down': askedWhileDown, 'sent twice': again, 'all there after s': secondsSince(back) });
    expect(unsigned).toBe(0);
    for (const userId of new Set(truth.map(({ user_id }) => user_id))) {
      const versions = taken.filter(({ subject }) => subject === userId).map(({ data }) => data.version);
      // One that was cut off comes again, and before the next.
      expect(versions).toEqual([...versions].sort((a, b) => a - b));
      expect([...new Set(versions)]).toEqual(truth.filter(({ user_id }) => user_id === userId).map(({ version }) => version));
    }
    expect(platform.unexpectedExits).toEqual([]);
  }, 600_000);
});
