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
    loads: { type: 'string', default: 'rate,each,all' },
    apart: { type: 'boolean', default: false },
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
  rate: { title: 'at the same rate for each gateway', clients: (count) => connections * count },
  each: { title: `${connections} at once for each gateway`, clients: (count) => connections * count },
  all: { title: `${connections} at once in all`, clients: () => connections },
};
const wanted = options.loads.split(',');
if (wanted.some((name) => loads[name] === undefined)) throw new Error(`--loads takes ${Object.keys(loads).join(', ')}`);
/** The budget is for replicas that are there because there is as much more to do; `all` shows what it costs to have them without a need. */
const budgeted = ['rate', 'each'];
/** Of what the machine can do, at that rate, with as many replicas as there are at the most: none waits for a processor that others have. */
const shareOfMachine = 0.6;
const budget = 1.1;
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const sum = (values) => Object.values(values).reduce((total, value) => total + value, 0);

/** Starts, after it has settled, and with nothing to do. @returns percent of a core, by what it is */
async function idleOf({ contender }) {
  const groups = { ...contender.byKind(), postgres: [postmaster] };
  const idleMs = 10_000;
  const before = usageOf(groups);
  await sleep(idleMs);
  const after = usageOf(groups);
  return Object.entries(groups).map(([kind, pids]) => ({ kind, processes: pids.length, percent: (100 * (after[kind].cpuMs - before[kind].cpuMs)) / idleMs }));
}

const folder = temporaryFolder('replicas');
const postgres = await startEmbeddedPostgres({ dataDir: folder, log: silent, settings: { max_connections: '600' } }); // pools of up to seven deployments' services
const postmaster = Number((await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
const deployments = [];
const rows = [];

/** @param {string} title @param {number[]} parts replicas of each service, of one Rollcall or of several that know nothing of one another */
async function deploy(title, parts) {
  const deployment = { title, count: parts.reduce((total, count) => total + count), parts: [] };
  deployments.push(deployment);
  for (const [index, count] of parts.entries()) {
    const contender = new Rollcall('services', { folder, postgresUrl: postgres.url, suffix: parts.length === 1 ? '' : `-apart-${index}` }, count);
    const part = { contender, loads: [] };
    deployment.parts.push(part);
    await contender.start();
    await contender.fill(users, { passwordHash: null });
    for (const name of parts.length === 1 ? wanted : wanted.filter((each) => budgeted.includes(each))) {
      // Requests that are made together share messages, statements and commits: what one costs depends on how many there are at once for each process.
      // Postgres is everybody's, and counted once.
      const load = new Load(contender.urls, { ...contender.byKind(), ...(index === 0 && { postgres: [postmaster] }) }, loads[name].clients(count));
      part.loads.push({ name, load, requests: await contender.requests(load, { users, run: `r${title.replaceAll(' ', '-')}-${index}-${name}` }) });
    }
  }
}

/** What a request costs of those that several were asked at the same time. */
function together(figures) {
  const perSecond = figures.reduce((total, one) => total + one.perSecond, 0);
  const costOf = (group) => figures.reduce((total, { cpuMs, perSecond: own }) => total + (cpuMs[group] ?? 0) * own, 0) / perSecond;
  return { perSecond, errors: figures.reduce((total, { errors }) => total + errors, 0), cpuMs: Object.fromEntries(Object.keys(figures[0].cpuMs).map((group) => [group, costOf(group)])) };
}

const processesOf = ({ parts }) => parts.flatMap(({ contender }) => Object.values(contender.byKind()).flat());
const idle = [];
try {
  for (const count of counts) await deploy(`${count}`, [count]);
  // What so many processes cost one another on these cores by being there, however they are joined.
  if (options.apart) await deploy(`${counts.at(-1)} that are apart`, Array(counts.at(-1)).fill(1));
  await sleep(10_000);
  for (const { parts } of deployments.filter(({ parts }) => parts.length === 1)) {
    const [deployment] = parts;
    const figures = await idleOf(deployment);
    const own = figures.filter(({ kind }) => kind !== 'postgres');
    idle.push(`${deployment.contender.name}: ${own.reduce((total, { percent }) => total + percent, 0).toFixed(1)} % of a core (of each process: ${own.map(({ kind, processes, percent }) => `${kind} ${(percent / processes).toFixed(1)}`).join(', ')})`);
    console.log(`with nothing to do, ${idle.at(-1)}`);
  }
  let over = false;
  for (const name of names) {
    const rates = [];
    // The code of every process has to be compiled, and each gets only its share of the requests. As long for all of them: what is written meanwhile makes lists longer.
    for (const { parts } of deployments) {
      const ms = warmSeconds * 1_000 * Math.max(...counts);
      const { perSecond } = together(await Promise.all(parts.map(({ loads: [{ load, requests }] }) => load.run('warming up', requests[name], { warmUpMs: ms, measureMs: 2_000, isFirst: false }))));
      rates.push((shareOfMachine * perSecond) / Math.max(...counts));
    }
    // The same for all, and for each gateway.
    const rate = Math.round(Math.min(...rates));
    for (const kind of wanted) {
      const measured = deployments.filter(({ parts: [{ loads: own }] }) => own.some((one) => one.name === kind));
      const cells = measured.map(() => []);
      for (let round = 0; round < rounds; round += 1) {
        for (let place = 0; place < measured.length; place += 1) {
          const index = (place + round) % measured.length;
          const { title, count, parts } = measured[index];
          const chosen = parts.map(({ loads: own }) => own.find((one) => one.name === kind));
          const sentOf = () => chosen.reduce((total, { load }) => total + load.number, 0);
          const pids = processesOf(measured[index]);
          const [wokenBefore, sentBefore] = [wakeUpsOf(pids), sentOf()];
          const figures = together(await Promise.all(chosen.map(({ load, requests }) => load.run(`${title} of each, ${workloads[name]}`, requests[name], { warmUpMs: 1_000, measureMs: seconds * 1_000, isFirst: false, ...(kind === 'rate' && { perSecond: rate * (parts.length === 1 ? count : 1) }) }))));
          figures.wakeUps = (wakeUpsOf(pids) - wokenBefore) / Math.max(1, sentOf() - sentBefore);
          if (figures.errors > 0) throw new Error(`${figures.errors} requests of ${title} of each, ${workloads[name]}, were refused`);
          cells[index].push(figures);
          await sleep(300);
        }
      }
      const of = (index, value) => median(cells[index].map(value));
      const cost = (index) => of(index, ({ cpuMs }) => sum(cpuMs));
      for (const [index, { title, parts: own }] of measured.entries()) {
        const times = cost(index) / cost(0);
        over ||= budgeted.includes(kind) && own.length === 1 && times > budget;
        const parts = Object.keys(cells[index][0].cpuMs).map((group) => `${group} ${(of(index, ({ cpuMs }) => cpuMs[group]) / 1_000).toFixed(2)}`);
        const row = [workloads[name], kind === 'rate' ? `${rate} a second for each gateway` : loads[kind].title, title, (cost(index) / 1_000).toFixed(2), parts.join(', '), times.toFixed(2), of(index, ({ wakeUps }) => wakeUps).toFixed(1), of(index, ({ perSecond }) => perSecond).toFixed(0)];
        rows.push(row);
        console.log(`${row[0]}, ${row[1]}, ${title} of each: ${row[3]} s of CPU for 1,000 requests (${row[4]}), ${row[5]} times (budget ${budgeted.includes(kind) ? budget : 'none'}); ${row[6]} wake-ups of a thread a request; ${row[7]} a second`);
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
  const parts = deployments.flatMap((deployment) => deployment.parts);
  for (const { loads: own } of parts) for (const { load } of own) load.close();
  await Promise.all(parts.map(({ contender }) => contender.stop()));
  await postgres.stop();
}
