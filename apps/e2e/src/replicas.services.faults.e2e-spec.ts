import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient, connectToService, eventually, pause, type Part, type ProcessName } from '#libs/platform/testing';
import { answerOf, itWhole, platform, secondsSince, seen, sized } from './fault-world.js';
import { callsOfEachService, Traffic } from './fault-traffic.js';
import { keyAndSecret as basic, unique } from './platform-under-test.js';

const times = sized(1, 20);
/** Of restarting everything. */
const rounds = 2;
const parts: readonly Part[] = sized(['profiles'], ['identity', 'profiles', 'membership', 'workers', 'gateway']);

describe('SIGTERM under load, with two replicas', () => {
  /** The gateways that a load balancer knows to be there. */
  const gateways = new Map<ProcessName, ApiClient>([['gateway', platform.api]]);
  let calls: Awaited<ReturnType<typeof callsOfEachService>>;

  async function begin(name: ProcessName): Promise<void> {
    const address = await platform.launchUntilReady(name);
    if (name.startsWith('gateway')) gateways.set(name, new ApiClient(address));
  }

  beforeAll(async () => {
    calls = await callsOfEachService();
    await Promise.all(parts.map((part) => begin(`${part}#2`)));
  });

  afterAll(async () => {
    await platform.restore();
  });

  it.each(parts)('%s: every request is answered, after one repetition at the most', async (part) => {
    const traffic = new Traffic(`rolling-${part}`, calls, () => [...gateways.values()]).start();
    const exitCodes = new Set<number | null>();
    for (let time = 0; time < times; time += 1) {
      const name: ProcessName = time % 2 === 0 ? part : `${part}#2`;
      exitCodes.add(await platform.kill(name, 'SIGTERM'));
      if (gateways.size > 1) gateways.delete(name); // a balancer has seen by now that nobody listens there
      await begin(name);
    }
    await traffic.stop();
    seen(`SIGTERM of ${part}, two replicas`, { times, requests: traffic.sent, repeated: traffic.repeated, failed: traffic.failed.length, 'slowest ms': traffic.slowestMs });
    expect(traffic.failed).toEqual([]);
    expect(await traffic.lost()).toEqual([]);
    expect([...exitCodes]).toEqual([0]);
  }, 400_000);

  it('what a replica was doing when it was told to stop, it does and answers, without a repetition', async () => {
    const writer = await connectToService(await platform.databaseUrl(), 'profiles');
    const uid = unique('taken');
    const answers: ReturnType<typeof answerOf>[] = [];
    let stopped: Promise<number | null> | undefined;
    try {
      await writer.query('BEGIN; LOCK TABLE users IN SHARE MODE');
      // Apart from one another, so that the broker chooses a replica for each: that none of them goes to this one happens once in 4,000 times.
      for (let number = 0; number < 12; number += 1) {
        answers.push(answerOf(platform.api.post('/v1/users', { basic, body: { id: `${uid}-${number}` } })));
        await pause(10);
      }
      await eventually(async () => expect((await writer.query('SELECT FROM pg_locks WHERE relation = $1::regclass AND NOT granted', ['users'])).rows.length).toBeGreaterThan(0));
      stopped = platform.kill('profiles', 'SIGTERM');
      // One that waits for nothing is gone by then, and what it had taken with it.
      await Promise.race([stopped, pause(1_000)]);
    } finally {
      await writer.end();
    }
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(await stopped).toBe(0);
    await begin('profiles');
  });

  itWhole(
    'everything, one process after the other, twice: every request is answered, after one repetition at the most',
    async () => {
      const traffic = new Traffic('rolling-all', calls, () => [...gateways.values()]).start();
      const exitCodes = new Set<number | null>();
      const start = performance.now();
      for (let round = 0; round < rounds; round += 1) {
        for (const name of parts.flatMap((part): ProcessName[] => [part, `${part}#2`])) {
          exitCodes.add(await platform.kill(name, 'SIGTERM'));
          gateways.delete(name);
          await begin(name);
        }
      }
      const seconds = secondsSince(start);
      await traffic.stop();
      seen('rolling restart of everything, two replicas of each', { restarts: rounds * parts.length * 2, 'in s': seconds, requests: traffic.sent, repeated: traffic.repeated, failed: traffic.failed.length, 'slowest ms': traffic.slowestMs });
      expect(traffic.failed).toEqual([]);
      expect(await traffic.lost()).toEqual([]);
      expect([...exitCodes]).toEqual([0]);
    },
    600_000,
  );
});
