import { password } from './workloads.mjs';
import { connections } from './load.mjs';
import { percentile } from '../measure/clock.mjs';

export const hashingParameters = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 };

/** argon2id alone, in the server's own pool of threads, with as many at once as there are connections. @returns figures as of a load */
export async function hashAlone({ pool, passwordHash }, measureMs) {
  const times = [];
  const before = process.cpuUsage();
  const began = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < began + measureMs) {
        const from = performance.now();
        await pool.run({ passwords: [password], verification: { kind: 'argon2', hash: passwordHash } });
        times.push(performance.now() - from);
      }
    }),
  );
  const ms = performance.now() - began;
  const { user, system } = process.cpuUsage(before);
  return { perSecond: (times.length * 1_000) / ms, p50: percentile(times, 0.5), p99: percentile(times, 0.99), errors: 0, cpuMs: { server: (user + system) / times.length }, rssMiB: process.memoryUsage().rss / 1_048_576 };
}
