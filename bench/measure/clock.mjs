import { median } from './cpu.mjs';

export { median };

/** Milliseconds of each call, the ways in turns, so that whatever else the machine does meets all of them alike; each round begins with another way. */
export async function interleaveTimes(warmUp, rounds, ways) {
  const times = ways.map(() => []);
  for (let round = -warmUp; round < rounds; round += 1) {
    for (let step = 0; step < ways.length; step += 1) {
      const index = (step + round + warmUp) % ways.length;
      const began = performance.now();
      await ways[index]();
      if (round >= 0) times[index].push(performance.now() - began);
    }
  }
  return times;
}

/** The value below which `share` of the values lie. */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
}

/** `21.30 ms (p10 18.90, p99 40.10)` */
export function spread(values) {
  return `${median(values).toFixed(2)} ms (p10 ${percentile(values, 0.1).toFixed(2)}, p99 ${percentile(values, 0.99).toFixed(2)})`;
}
