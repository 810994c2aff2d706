// CPU time of a request with three gateways and three of each service, against one of each, in turns (budget: 1.1 times)
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '../dist/libs/platform/database/src/index.js';
import { median } from './measure/clock.mjs';
import { usageOf } from './measure/process-usage.mjs';
import { connections, Load } from './peers/load.mjs';
import { Rollcall } from './peers/rollcall.mjs';
import { workloads } from './peers/workloads.mjs';

const { values: options } = parseArgs({
  options: { users: { type: 'string', default: '10000' }, rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '6' }, replicas: { type: 'string', default: '3' }, warm: { type: 'string', default: '15' }, workloads: { type: 'string', default: 'get,upsert,event,mixed' } },
});
const [users, rounds, seconds, replicas, warmSeconds] = ['users', 'rounds', 'seconds', 'replicas', 'warm'].map((name) => Number(options[name]));
const names = options.workloads.split(',');
const unknown = names.filter((name) => workloads[name] === undefined || name === 'login');
if (unknown.length > 0) throw new Error(`--workloads: there is no ${unknown.join(', ')} here`);
const budget = 1.1;
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };

const folder = await mkdtemp(join(tmpdir(), 'rollcall-replicas-'));
await chmod(folder, 0o711); // Postgres runs as another user
const postgres = await startEmbeddedPostgres({ dataDir: folder, log: silent });
const postmaster = Number((await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
const contenders = [];
/** What is measured in turns: a deployment under a load. */
const ready = [];
try {
  const environment = { folder, postgresUrl: postgres.url };
  for (const count of [1, replicas]) {
    const contender = new Rollcall('services', environment, count);
    contenders.push(contender);
    await contender.start();
    await contender.fill(users, { passwordHash: null });
    // Requests that are made together share messages, statements and commits: what one costs depends on how many there are at once for each process.
    for (const clients of new Set([connections, connections * count])) {
      const load = new Load(contender.urls, { server: contender.groups.server, nats: contender.groups.nats, postgres: [postmaster] }, clients);
      ready.push({ contender, clients, load, requests: await contender.requests(load, { users, run: `r${count}-${clients}` }) });
    }
  }
  for (const { contender, load, clients } of ready) {
    if (clients !== connections) continue;
    const idleMs = 5_000;
    const before = usageOf(load.groups);
    await sleep(idleMs);
    const after = usageOf(load.groups);
    const ofGroup = (group) => `${group} ${((100 * (after[group].cpuMs - before[group].cpuMs)) / idleMs).toFixed(1)} %`;
    console.log(`${contender.name}, with nothing to do, of one core: ${['server', 'nats'].map(ofGroup).join(', ')}`);
  }
  let over = false;
  for (const name of names) {
    const cells = ready.map(() => []);
    // The code of every process has to be compiled, and each gets only its share of the requests.
    for (const { load, requests } of ready) await load.run('warming up', requests[name], { warmUpMs: warmSeconds * 1_000, measureMs: 100, isFirst: false });
    for (let round = 0; round < rounds; round += 1) {
      for (let place = 0; place < ready.length; place += 1) {
        const index = (place + round) % ready.length;
        const { load, requests, contender } = ready[index];
        const figures = await load.run(`${contender.name}, ${workloads[name]}`, requests[name], { warmUpMs: 1_000, measureMs: seconds * 1_000, isFirst: false });
        if (figures.errors > 0) throw new Error(`${figures.errors} requests of ${contender.name}, ${workloads[name]}, were refused`);
        cells[index].push(figures);
        await sleep(300);
      }
    }
    console.log(`${workloads[name]}: CPU time of 1,000 requests`);
    let ofOne;
    for (const [index, of] of cells.entries()) {
      const { contender, clients } = ready[index];
      const cost = median(of.map(({ cpuMs }) => Object.values(cpuMs).reduce((sum, ms) => sum + ms, 0)));
      ofOne ??= cost;
      over ||= cost / ofOne > budget;
      const parts = Object.keys(of[0].cpuMs).map((group) => `${group} ${(median(of.map(({ cpuMs }) => cpuMs[group])) / 1_000).toFixed(2)}`);
      console.log(`  ${contender.name}, ${clients} at once: ${(cost / 1_000).toFixed(2)} s (${parts.join(', ')}), ${(cost / ofOne).toFixed(2)} times (budget ${budget}); ${median(of.map(({ perSecond }) => perSecond)).toFixed(0)} a second`);
    }
  }
  process.exitCode = over ? 1 : 0;
} finally {
  for (const { load } of ready) load?.close();
  await Promise.all(contenders.map((contender) => contender.stop()));
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
