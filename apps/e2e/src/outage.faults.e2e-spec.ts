import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, pause, queryService, type ApiAnswer, type Part } from '#libs/platform/testing';
import { platform, topology } from './fault-world.js';
import { adminToken, environmentToken, keyAndSecret as basic, projectSlug, unique } from './platform-under-test.js';

let calls: Record<string, () => Promise<ApiAnswer>>;

beforeAll(async () => {
  const { api } = platform;
  const uid = unique('steady');
  const [bearer, staff] = await Promise.all([environmentToken(), adminToken()]);
  const { id } = (await api.post('/v1/users', { basic, body: { id: uid } })).body as { id: string };
  calls = {
    engagement: () => api.get(`/v1/users/${uid}`, { basic }),
    environment: () => api.put('/delete-users', { bearer, body: { data: ['nobody'] } }),
    project: () => api.get(`/${projectSlug}/users/${id}`, { bearer: staff }),
    login: () => api.post(`/${projectSlug}/users/login`, { body: { username: 'nobody', password: 'whatever it is' } }),
  };
});

afterAll(async () => {
  await platform.restore();
});

const dialects: Record<string, object> = {
  engagement: { error: expect.any(String) },
  environment: { error: { code: 'service-unavailable', message: expect.any(String), details: [], request_id: expect.any(String) } },
  project: expect.objectContaining({ status: 503, code: 'service-unavailable', title: 'Service Unavailable' }),
  login: expect.objectContaining({ status: 503, code: 'service-unavailable' }),
};

/** Which calls can't be answered without which service, once the second of what may be remembered is over. */
const needed: [part: Part, calls: string[]][] = [
  ['identity', ['engagement', 'environment', 'project', 'login']],
  ['profiles', ['engagement', 'environment', 'project']],
  ['membership', ['project', 'login']],
  ['workers', ['environment']],
];

/** What can be away alone: all in one, nothing but Postgres. */
const describeServices = topology === 'services' ? describe : (_name: string, _specs: () => void) => undefined;

describeServices('a service that is away', () => {
  it.each(needed)('%s: answers 503 at once in the dialect of the surface, and is served again by itself', async (part, affected) => {
    await platform.kill(part);
    await pause(1_100);
    for (const name of affected) {
      const before = Date.now();
      const answer = await calls[name]!();
      expect([name, answer.status, answer.body]).toEqual([name, 503, dialects[name]]);
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(Date.now() - before).toBeLessThan(2_000);
    }
    const ready = await platform.api.get('/health/ready');
    expect([ready.status, ready.body.dependencies.find(({ name }: { name: string }) => name === part)]).toEqual([503, { name: part, ready: false, reason: expect.stringContaining('not running') }]);
    // The gateway itself can work: no balancer is to take it out for what is behind it.
    for (const path of ['/health/live', '/health/ready?scope=process']) expect((await platform.api.get(path)).status).toBe(200);
    await platform.launch(part);
    await platform.untilReady();
    for (const name of affected) await eventually(async () => expect((await calls[name]!()).status).toBeLessThan(500));
  });
});

describe('a server that is away', () => {
  it('Postgres, killed: every process stays up, and serves again within seconds of its return', async () => {
    const databaseUrl = await platform.databaseUrl();
    await platform.crashPostgres();
    // How long it recovers is a matter of its disk.
    await eventually(() => queryService(databaseUrl, 'identity', 'SELECT 1'), 90_000);
    await eventually(async () => expect((await calls['engagement']!()).status).toBe(200), 15_000);
    await platform.untilReady();
    await eventually(async () => expect((await calls['environment']!()).status).toBe(200), 15_000);
    expect((await calls['login']!()).status).toBe(401);
  });
});

describeServices('a server that is away', () => {
  it.each(['nats', 'redis'] as const)('%s: every process stays up and serves again once it returns', async (server) => {
    await platform.stopServer(server);
    if (server === 'nats') await eventually(async () => expect((await calls['engagement']!()).status).toBe(503), 5_000);
    else expect((await calls['engagement']!()).status).toBe(200);
    expect((await platform.api.get('/health/live')).status).toBe(200);
    await platform.startServer(server);
    await eventually(async () => expect((await calls['engagement']!()).status).toBe(200), 15_000);
    await platform.untilReady();
  });
});
