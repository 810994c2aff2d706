import { spawn, type ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook as Verifier } from 'standardwebhooks';
import { ApiClient, eventually, FaultProxy, namedCertificate, pause, TestHost, TestNameServer, type Part } from '#libs/platform/testing';
import { answerOf, platform, seen, secondsSince, sized } from './fault-world.js';
import { callsOfEachService, Traffic, untilServed } from './fault-traffic.js';
import { unique } from './platform-under-test.js';

/** Two hosts, joined by a network of their own: this one, with the servers and one of each process, and one beside it. */
const obstacle = TestHost.whyNot();
const itThere = obstacle === undefined ? it : it.skip;
const services: readonly Part[] = ['identity', 'profiles', 'membership', 'workers'];

let host: TestHost;
let environment: Record<string, string>;

beforeAll(async () => {
  if (obstacle !== undefined) return;
  host = TestHost.make();
  // The servers listen on this host’s loopback alone; these are how the other host reaches them.
  const { DATABASE_URL, NATS_URL, REDIS_URL } = platform.servers.urls;
  const [database, bus, queue] = await Promise.all([DATABASE_URL, NATS_URL, REDIS_URL].map((url) => FaultProxy.to(url, host.here)));
  environment = { HOST: host.address, DATABASE_URL: database!.url, NATS_URL: bus!.url, REDIS_URL: queue!.url };
});

afterAll(async () => {
  if (obstacle === undefined) await platform.restore();
});

describe(`two hosts${obstacle === undefined ? '' : ` (not here: ${obstacle})`}`, () => {
  itThere('are cut off from each other while the one that goes relays, sends and schedules: the other serves, and both do once they are joined again', async () => {
    const calls = await callsOfEachService();
    const there = new Map<string, string>();
    for (const part of [...services, 'gateway'] as const) there.set(part, await platform.launchUntilReady(`${part}#2`, environment, host.within));
    const second = new ApiClient(there.get('gateway')!);
    // Those here begin anew, so that relays and scheduled work are with the others.
    for (const part of services) {
      await platform.kill(part, 'SIGTERM');
      await platform.launchUntilReady(part);
    }
    await untilServed(calls);

    const traffic = new Traffic('hosts', calls, () => [platform.api], 20).start(4);
    try {
      await pause(3_000);
      expect(traffic.failed).toEqual([]);
      const before = traffic.sent;

      host.cut();
      const cut = performance.now();
      await expect(fetch(`${there.get('gateway')}/health/live`, { signal: AbortSignal.timeout(1_000) })).rejects.toThrow();
      const served = await untilServed(calls);
      // Whoever was asked there has not answered, and that is what callers are told.
      expect(traffic.failed.filter((line) => !/: 503, then 503 /.test(line))).toEqual([]);
      const [repeated, refused] = [traffic.repeated, traffic.failed.length];
      await eventually(async () => expect(await unpublished()).toEqual([]), 60_000);
      const relayed = secondsSince(cut);
      await pause(sized(10_000, 40_000));
      expect(traffic.failed.slice(refused)).toEqual([]);
      const cutOff = traffic.sent;

      host.heal();
      const healed = performance.now();
      await eventually(async () => {
        for (const [part, address] of there) expect([part, (await fetch(`${address}/health/ready`, { signal: AbortSignal.timeout(2_000) })).status]).toEqual([part, 200]);
        for (const call of Object.values(calls)) expect((await answerOf(call(second))).status).toBeLessThan(500);
      }, 90_000);
      const joined = secondsSince(healed);
      await pause(3_000);
      await traffic.stop();
      expect(traffic.failed.slice(refused)).toEqual([]);
      seen('two hosts cut off from each other', { 'requests before': before, 'while cut off': cutOff - before, 'served again after s': served, repeated, refused, 'all relayed after s': relayed, 'the other host serves again after s': joined, 'requests afterwards': traffic.sent - cutOff });
    } finally {
      await traffic.stop();
    }
    expect(await traffic.lost()).toEqual([]);
    await eventually(async () => expect(await unpublished()).toEqual([]), 30_000);
    expect(platform.unexpectedExits).toEqual([]);
    for (const part of [...services, 'gateway'] as const) await platform.kill(`${part}#2`, 'SIGTERM');
  }, 300_000);

  itThere('have names that lead into their network: none is sent a webhook, whenever it changes its mind', async () => {
    const names = await TestNameServer.start(host.here);
    host.resolveBy(host.here);
    const outside = '93.184.215.14'; // of the internet, and here of that host alone
    host.addAddress(outside);
    const port = 8443;
    const receiver = await Outside.start(host, outside, port);
    const inside = createServer((socket) => {
      insideConnections += 1;
      socket.destroy();
    });
    let insideConnections = 0;
    await new Promise<void>((resolve) => inside.listen(port, host.here, resolve));
    const certificate = join(platform.folder, 'hooks.pem');
    await writeFile(certificate, namedCertificate.certificate);
    await platform.kill('workers', 'SIGTERM');
    try {
      await platform.launchUntilReady('workers#2', { ...environment, NODE_EXTRA_CA_CERTS: certificate, WEBHOOK_INSIDE_ORIGINS: '' }, host.within);
      await sendsOutsideAlone(names, receiver, outside, port);
      expect(insideConnections).toBe(0);
    } finally {
      await receiver.stop();
      await new Promise<void>((resolve) => inside.close(() => resolve()));
      await platform.kill('workers#2', 'SIGTERM');
    }
  });

  async function sendsOutsideAlone(names: TestNameServer, receiver: Outside, outside: string, port: number): Promise<void> {
    const { org, superAdmin } = await platform.demo();
    const headers = { 'x-api-key': superAdmin.apiKey };
    const slug = unique('hosts');
    const projectId = (await platform.api.post('/v1/admin/projects', { headers, body: { org_id: org.id, name: slug, slug } })).body.project_id as string;
    const key = (await platform.api.post(`/v1/admin/projects/${projectId}/engagement-keys`, { headers, body: {} })).body as { key: string; secret: string };
    const hooks = `/v1/admin/projects/${projectId}/webhooks`;
    const make = (name: string) => platform.api.post(hooks, { headers, body: { url: `https://${name}:${port}/`, types: ['rollcall.user.created'] } });
    const create = async (id: string) => expect((await platform.api.post('/v1/users', { basic: [key.key, key.secret], body: { id } })).status).toBe(200);

    // Inside from the first: refused when it is entered.
    for (const address of [host.here, '127.0.0.1', '169.254.169.254', host.address]) {
      names.set('hooks.example.com', address);
      expect([address, (await make('hooks.example.com')).status]).toEqual([address, 400]);
    }
    // Outside, and it arrives: so it is the addresses that decide below.
    names.set('hooks.example.com', outside);
    const hook = (await make('hooks.example.com')).body as { webhook_id: string; secret: string };
    await create('while-outside');
    await eventually(() => expect(receiver.taken).toHaveLength(1), 20_000);
    expect(new Verifier(hook.secret).verify(receiver.taken[0]!.body, receiver.taken[0]!.headers)).toMatchObject({ type: 'rollcall.user.created', data: { user: { uid: 'while-outside' } } });
    // Turned inside since.
    names.set('hooks.example.com', host.here);
    await create('while-inside');
    await eventually(async () => {
      const { body } = await platform.api.get(`${hooks}/${hook.webhook_id}/deliveries?state=pending`, { headers });
      expect(body.deliveries).toMatchObject([{ error: 'refused-address' }]);
    }, 90_000);
    // Another each time that it is asked for: between a check and what comes after it, too.
    names.set('turning.example.com', (time) => (time % 2 === 0 ? outside : host.here));
    const turning = (await make('turning.example.com')).body as { webhook_id: string };
    const outcomes: string[] = [];
    const before = receiver.taken.length;
    for (let time = 0; time < sized(12, 40); time += 1) {
      const { body } = await platform.api.post(`${hooks}/${turning.webhook_id}/test`, { headers });
      outcomes.push(body.delivered === true ? 'delivered' : String(body.error));
    }
    const delivered = outcomes.filter((outcome) => outcome === 'delivered').length;
    seen('a name that turns inside and back', { sent: outcomes.length, delivered, asked: names.asked.get('turning.example.com')! });
    expect([...new Set(outcomes)].sort()).toEqual(['delivered', 'refused-address']);
    expect(receiver.taken.length - before).toBe(delivered);
    await platform.api.delete(`${hooks}/${hook.webhook_id}`, { headers });
    await platform.api.delete(`${hooks}/${turning.webhook_id}`, { headers });
  }
});

/** Events that wait in an outbox although their change was made long enough ago that somebody should have taken them. */
async function unpublished(): Promise<unknown[]> {
  const waiting = await Promise.all(['identity', 'profiles', 'membership'].map((service) => platform.query(service, `SELECT id FROM outbox WHERE published_at IS NULL AND occurred_at < now() - interval '3 seconds'`)));
  return waiting.flat();
}

/** A receiver of webhooks on the other host, at an address of the internet. */
class Outside {
  readonly taken: { headers: Record<string, string>; body: string }[] = [];

  private constructor(private readonly child: ChildProcess) {}

  static async start(on: TestHost, address: string, port: number): Promise<Outside> {
    const program = `
      const { createServer } = require('node:https');
      const { certificate, key } = JSON.parse(process.argv[1]);
      createServer({ cert: certificate, key }, (request, response) => {
        const chunks = [];
        request.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
          console.log(JSON.stringify({ headers: request.headers, body: Buffer.concat(chunks).toString() }));
          response.writeHead(204).end();
        });
      }).listen(${port}, '${address}', () => console.log('ready'));`;
    const [command = '', ...words] = [...on.within, process.execPath, '-e', program, JSON.stringify(namedCertificate)];
    const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    const outside = new Outside(child);
    const lines = createInterface({ input: child.stdout });
    await new Promise<void>((resolve, reject) => {
      child.once('exit', () => reject(new Error('the receiver outside has ended')));
      lines.once('line', () => {
        lines.on('line', (line) => outside.taken.push(JSON.parse(line) as (typeof outside.taken)[number]));
        resolve();
      });
    });
    return outside;
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await gone;
  }
}
