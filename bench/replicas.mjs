// CPU time of a request with several gateways and as many of each service, against one of each, in turns (budget: 1.1 times)
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '../dist/libs/platform/database/src/index.js';
import { median } from './measure/clock.mjs';
import { temporaryFolder } from './measure/end-in-order.mjs';
import { machine, tableOf, writeBetween } from './measure/performance-page.mjs';
import { usageOf, wakeUpsOf } from './measure/process-usage.mjs';
import { connections, Load } from './peers/load.mjs';
import { Rollcall } from './peers/rollcall.mjs';
import { workloads } from './peers/workloads.mjs';

const { values: options } = parseArgs({
  options: {
    users: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    replicas: { type: 'string', default: '1,3' },
    warm: { type: 'string', default: '30' },
    workloads: { type: 'string', default: 'get,upsert,event,mixed' },
    loads: { type: 'string', default: 'each,all' },
    report: { type: 'boolean', default: false },
  },
});
const [users, rounds, seconds, warmSeconds] = ['users', 'rounds', 'seconds', 'warm'].map((name) => Number(options[name]));
const names = options.workloads.split(',');
const unknown = names.filter((name) => workloads[name] === undefined || name === 'login');
if (unknown.length > 0) throw new Error(`--workloads: there is no ${unknown.join(', ')} here`);
const counts = options.replicas.split(',').map(Number);
if (counts.some((count) => !Number.isSafeInteger(count) || count < 1 || count > 16)) throw new Error('--replicas takes numbers of 1 to 16, as in 1,2,4');
/** How many requests there are at once, of `count` gateways. */
const loads = {
  each: { title: `${connections} at once for each gateway`, clients: (count) => connections * count },
  all: { title: `${connections} at once in all`, clients: () => connections },
};
const wanted = options.loads.split(',');
if (wanted.some((name) => loads[name] === undefined)) throw new Error(`--loads takes ${Object.keys(loads).join(', ')}`);
/** The budget is for replicas that are there because there is as much more to do; the others show what it costs to have them without a need. */
const budgeted = 'each';
const budget = 1.1;
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const sum = (values) => Object.values(values).reduce((total, value) => total + value, 0);

/** Starts, after it has settled, and with nothing to do. @returns percent of a core, by what it is */
async function idleOf({ contender, postmaster }) {
  const groups = { ...contender.byKind(), postgres: [postmaster] };
  const idleMs = 10_000;
  const before = usageOf(groups);
  await sleep(idleMs);
  const after = usageOf(groups);
  return Object.entries(groups).map(([kind, pids]) => ({ kind, processes: pids.length, percent: (100 * (after[kind].cpuMs - before[kind].cpuMs)) / idleMs }));
}

const folder = temporaryFolder('replicas');
const postgres = await startEmbeddedPostgres({ dataDir: folder, log: silent });
const postmaster = Number((await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
const deployments = [];
const rows = [];
const idle = [];
try {
  for (const count of counts) {
    const contender = new Rollcall('services', { folder, postgresUrl: postgres.url }, count);
    const deployment = { count, contender, postmaster, loads: [] };
    deployments.push(deployment);
    await contender.start();
    await contender.fill(users, { passwordHash: null });
    for (const name of wanted) {
      // Requests that are made together share messages, statements and commits: what one costs depends on how many there are at once for each process.
      const load = new Load(contender.urls, { server: contender.groups.server, nats: contender.groups.nats, redis: contender.groups.redis, postgres: [postmaster] }, loads[name].clients(count));
      deployment.loads.push({ name, load, requests: await contender.requests(load, { users, run: `r${count}-${name}` }) });
    }
  }
  await sleep(10_000);
  for (const deployment of deployments) {
    const figures = await idleOf(deployment);
    const own = figures.filter(({ kind }) => kind !== 'postgres');
    idle.push(`${deployment.contender.name}: ${own.reduce((total, { percent }) => total + percent, 0).toFixed(1)} % of a core (of each process: ${own.map(({ kind, processes, percent }) => `${kind} ${(percent / processes).toFixed(1)}`).join(', ')})`);
    console.log(`with nothing to do, ${idle.at(-1)}`);
  }
  let over = false;
  for (const name of names) {
    // The code of every process has to be compiled, and each gets only its share of the requests.
    for (const { count, loads: [{ load, requests }] } of deployments) await load.run('warming up', requests[name], { warmUpMs: warmSeconds * 1_000 * count, measureMs: 100, isFirst: false });
    for (const kind of wanted) {
      const cells = deployments.map(() => []);
      for (let round = 0; round < rounds; round += 1) {
        for (let place = 0; place < deployments.length; place += 1) {
          const index = (place + round) % deployments.length;
          const { contender, loads: own } = deployments[index];
          const { load, requests } = own.find((one) => one.name === kind);
          const pids = Object.values(contender.byKind()).flat();
          const wokenBefore = wakeUpsOf(pids);
          const from = load.number;
          const figures = await load.run(`${contender.name}, ${workloads[name]}`, requests[name], { warmUpMs: 1_000, measureMs: seconds * 1_000, isFirst: false });
          figures.wakeUps = (wakeUpsOf(pids) - wokenBefore) / Math.max(1, load.number - from);
          if (figures.errors > 0) throw new Error(`${figures.errors} requests of ${contender.name}, ${workloads[name]}, were refused`);
          cells[index].push(figures);
          await sleep(300);
        }
      }
      const of = (index, value) => median(cells[index].map(value));
      const cost = (index) => of(index, ({ cpuMs }) => sum(cpuMs));
      for (const [index, { count }] of deployments.entries()) {
        const times = cost(index) / cost(0);
        over ||= kind === budgeted && times > budget;
        const parts = Object.keys(cells[index][0].cpuMs).map((group) => `${group} ${(of(index, ({ cpuMs }) => cpuMs[group]) / 1_000).toFixed(2)}`);
        const row = [workloads[name], loads[kind].title, count, (cost(index) / 1_000).toFixed(2), parts.join(', '), times.toFixed(2), of(index, ({ wakeUps }) => wakeUps).toFixed(1), of(index, ({ perSecond }) => perSecond).toFixed(0)];
        rows.push(row);
        console.log(`${row[0]}, ${row[1]}, ${count} of each: ${row[3]} s of CPU for 1,000 requests (${row[4]}), ${row[5]} times (budget ${kind === budgeted ? budget : 'none'}); ${row[6]} wake-ups of a thread a request; ${row[7]} a second`);
      }
    }
  }
  if (options.report) {
    const head = ['workload', 'requests', 'of each', 'CPU s/1,000', 'of it', 'times that of one', 'wake-ups a request', 'requests/s'];
    const run = `${users.toLocaleString('en')} users; ${rounds} rounds of ${seconds} s each in turns, after ${warmSeconds} s of warming up for each replica; ${machine()}`;
    await writeBetween('replicas', [run, '', tableOf(head, rows), '', `With nothing to do, without Postgres: ${idle.join('; ')}.`]);
  }
  process.exitCode = over ? 1 : 0;
} finally {
  for (const { loads: own } of deployments) for (const { load } of own) load.close();
  await Promise.all(deployments.map(({ contender }) => contender.stop()));
  await postgres.stop();
}
