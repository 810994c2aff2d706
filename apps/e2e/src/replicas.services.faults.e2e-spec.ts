import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient, type Part, type ProcessName } from '#libs/platform/testing';
import { itWhole, platform, secondsSince, seen, sized } from './fault-world.js';
import { callsOfEachService, Traffic } from './fault-traffic.js';

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
  }, 120_000);

  afterAll(async () => {
    await platform.restore();
  }, 120_000);

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
