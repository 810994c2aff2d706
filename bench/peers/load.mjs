import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../measure/clock.mjs';
import { Pace } from '../measure/pace.mjs';
import { usageOf } from '../measure/process-usage.mjs';
import { RawClient } from '../measure/raw-client.mjs';

export const connections = 64;
const errorsShown = 3;
/** By then the hot code is compiled, unless that takes too long. */
const warmRequests = 1_000;
const warmUpAtMostMs = 15_000;

/**
 * Connections to one contender that are kept, and what it answers to a workload.
 *
 * @typedef {{ perSecond: number, p50: number, p99: number, errors: number, cpuMs: Record<string, number>, rssMiB: number }} Figures
 * `cpuMs`: milliseconds of CPU time per 1,000 requests (of the servers, of Postgres, …); `rssMiB`: of the group `server` after it; NaN without one
 */
export class Load {
  /** @param {string | string[]} urls of several, each gets as many connections @param {Record<string, number[]>} groups ids of processes, whose CPU time counts @param {number} [clients] connections in all */
  constructor(urls, groups, clients = connections) {
    const addresses = [urls].flat();
    this.groups = groups;
    this.clients = Array.from({ length: clients }, (_, index) => new RawClient(addresses[index % addresses.length]));
    this.number = 0;
    this.shown = 0;
  }

  encode(method, path, options) {
    return this.clients[0].encode(method, path, options);
  }

  /** One request, to look at its answer. */
  send(request) {
    return this.clients[0].send(request);
  }

  /**
   * @param {(n: number) => Buffer} requestOf the n-th request; n never comes again
   * @param {{ warmUpMs: number, measureMs: number, isFirst: boolean, perSecond?: number }} times `isFirst`: warm up by a number of requests too; `perSecond`: requests at this rate, as far as
   * connections are free; without it each sends when it has its answer
   * @returns {Promise<Figures>}
   */
  async run(name, requestOf, { warmUpMs, measureMs, isFirst, perSecond }) {
    const times = [];
    const from = this.number;
    let errors = 0;
    let measuring = false;
    const pace = new Pace(perSecond);
    const work = this.clients.map(async (client) => {
      while (await pace.turn()) {
        const request = requestOf(this.number++);
        const began = performance.now();
        const { status, text } = await client.send(request);
        if (!measuring) continue;
        if (status >= 200 && status < 300) times.push(performance.now() - began);
        else {
          errors += 1;
          if (this.shown++ < errorsShown) console.log(`  ${name}: ${status} ${text.slice(0, 300)}`);
        }
      }
    });
    const warm = performance.now() + warmUpAtMostMs;
    do await Promise.race([sleep(warmUpMs), Promise.all(work)]);
    while (isFirst && this.number - from < warmRequests && performance.now() < warm);
    const before = usageOf(this.groups);
    const began = performance.now();
    measuring = true;
    await Promise.race([sleep(measureMs), Promise.all(work)]);
    measuring = false;
    const ms = performance.now() - began;
    const after = usageOf(this.groups);
    pace.end();
    await Promise.all(work);
    const done = Math.max(1, times.length);
    return {
      perSecond: (times.length * 1_000) / ms,
      p50: times.length === 0 ? NaN : percentile(times, 0.5),
      p99: times.length === 0 ? NaN : percentile(times, 0.99),
      errors,
      cpuMs: Object.fromEntries(Object.keys(this.groups).map((group) => [group, ((after[group].cpuMs - before[group].cpuMs) * 1_000) / done])),
      rssMiB: (after.server?.rssKiB ?? NaN) / 1_024,
    };
  }

  close() {
    for (const client of this.clients) client.close();
  }
}
