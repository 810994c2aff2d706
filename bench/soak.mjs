// Mixed traffic at a fixed rate for some minutes (--minutes 30), in services and all in one: memory of each process, errors, how late events are
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { HashingPool } from '../dist/libs/identity/src/passwords/hashing-pool.js';
import { startEmbeddedPostgres } from '../dist/libs/platform/database/src/index.js';
import { percentile } from './measure/clock.mjs';
import { temporaryFolder } from './measure/end-in-order.mjs';
import { machine, tableOf, writeBetween } from './measure/performance-page.mjs';
import { trendOf } from './measure/trend.mjs';
import { hashingParameters } from './peers/hash-alone.mjs';
import { Load } from './peers/load.mjs';
import { Rollcall } from './peers/rollcall.mjs';
import { password } from './peers/workloads.mjs';

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    rate: { type: 'string', default: '100' },
    users: { type: 'string', default: '10000' },
    topologies: { type: 'string', default: 'services,all-in-one' },
    report: { type: 'boolean', default: false },
  },
});
const [minutes, rate, users] = ['minutes', 'rate', 'users'].map((name) => Number(options[name]));
if (!(minutes >= 0.5) || !(rate >= 1 && rate <= 10_000) || !Number.isSafeInteger(users) || users < 1_000) throw new Error('--minutes takes 0.5 or more, --rate 1 to 10000, --users a whole number from 1000');
const topologies = options.topologies.split(',');
if (topologies.some((name) => !['services', 'all-in-one'].includes(name))) throw new Error('--topologies takes services, all-in-one, or both');
/** MiB an hour that a process may grow by in the second half, beyond what the figures are uncertain by. */
const budget = 20;
const sampleMs = 5_000;
const tickMs = 20;
const hourMs = 3_600_000;
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };

/** Of a hundred requests: what the mixed traffic has, a login in every fiftieth, a registration and an invitation in every hundredth. */
const typical = ({ mixed, login, register, invite }) => (n) => (n % 50 === 7 ? login : n % 100 === 33 ? register : n % 100 === 66 ? invite : mixed)(n);

/** Sends as many requests a second, whether or not those before are answered, as long as a connection is free. */
class Sender {
  constructor(load, requestOf) {
    Object.assign(this, { load, requestOf, free: [...load.clients], sent: 0, errors: 0, heldUp: 0, times: [], began: performance.now() });
    this.timer = setInterval(() => this.tick(), tickMs);
  }

  tick() {
    for (const due = Math.floor(((performance.now() - this.began) * rate) / 1_000); this.sent + this.heldUp < due; ) {
      const client = this.free.pop();
      if (client === undefined) this.heldUp += 1;
      else void this.send(client);
    }
  }

  async send(client) {
    this.sent += 1;
    const began = performance.now();
    const { status, text } = await client.send(this.requestOf(this.load.number++)).catch((error) => ({ status: 0, text: error.message }));
    this.free.push(client);
    this.times.push(performance.now() - began);
    if (status >= 200 && status < 300) return;
    this.errors += 1;
    if (this.errors <= 3) console.log(`  ${status} ${text.slice(0, 200)}`);
  }
}

function rssOf(pid) {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1_024;
  } catch {
    return NaN; // it is gone, or this is no Linux
  }
}

/** One look at all processes of a deployment. */
async function sample({ contender, processes }, began) {
  const at = (Date.now() - began) / hourMs;
  let lag = 0;
  await Promise.all(
    processes.map(async (one) => {
      const url = contender.metricsUrls.get(one.pid);
      const text = url === undefined ? '' : await fetch(url).then((answer) => answer.text(), () => '');
      for (const [, seconds] of text.matchAll(/^rollcall_outbox_lag_seconds\{[^}]*\} (\S+)$/gm)) lag = Math.max(lag, Number(seconds));
      one.samples.push({ at, rss: rssOf(one.pid) });
    }),
  );
  return lag;
}

const folder = temporaryFolder('soak');
const hashing = new HashingPool({ PASSWORD_HASH_QUEUE: 10, PASSWORD_HASH_MEMORY_KIB: hashingParameters.memoryCost, PASSWORD_HASH_ITERATIONS: hashingParameters.timeCost, PASSWORD_HASH_PARALLELISM: hashingParameters.parallelism });
const postgres = await startEmbeddedPostgres({ dataDir: folder, log: silent });
const soaked = [];
try {
  const passwordHash = await hashing.run({ password, options: hashingParameters });
  for (const topology of topologies) {
    const contender = new Rollcall(topology, { folder, postgresUrl: postgres.url, tellsMemory: true });
    const one = { contender, lags: [] };
    soaked.push(one);
    await contender.start();
    await contender.fill(users, { passwordHash });
    one.load = new Load(contender.url, { server: contender.groups.server });
    one.requests = typical(await contender.requests(one.load, { users, run: `s${Date.now().toString(36)}` }));
    one.processes = Object.entries(contender.byKind()).flatMap(([kind, pids]) => pids.filter(() => kind !== 'bootstrap').map((pid) => ({ kind, pid, samples: [] })));
  }
  const began = Date.now();
  for (const one of soaked) one.sender = new Sender(one.load, one.requests);
  for (let told = began; Date.now() < began + minutes * 60_000; await sleep(sampleMs)) {
    for (const one of soaked) one.lags.push(await sample(one, began));
    if (Date.now() - told < 60_000) continue;
    told = Date.now();
    for (const { contender, sender, processes } of soaked) console.log(`after ${((told - began) / 60_000).toFixed(0)} min, ${contender.name}: ${sender.sent} requests, ${sender.errors} errors; MiB ${processes.map(({ kind, samples }) => `${kind} ${samples.at(-1).rss.toFixed(0)}`).join(', ')}`);
  }
  for (const { sender } of soaked) clearInterval(sender.timer);
  // What was sent last is answered, and events are all out.
  for (const { sender, load } of soaked) for (const deadline = Date.now() + 30_000; sender.free.length < load.clients.length && Date.now() < deadline; ) await sleep(50);
  const rows = [];
  const lines = [];
  let over = false;
  for (const { contender, sender, processes, lags } of soaked) {
    lines.push(`${contender.name}: ${sender.sent.toLocaleString('en')} requests, ${sender.errors} errors, ${sender.heldUp} not sent because all ${sender.load.clients.length} connections waited; p50 ${percentile(sender.times, 0.5).toFixed(0)} ms, p99 ${percentile(sender.times, 0.99).toFixed(0)} ms; the oldest event that was not out: ${percentile(lags, 0.5).toFixed(1)} s (median of the looks), ${Math.max(...lags).toFixed(1)} s at the most.`);
    over ||= sender.errors > 0;
    for (const { kind, pid, samples } of processes) {
      const rss = samples.map(({ at, rss: value }) => ({ at, value })).filter(({ value }) => !Number.isNaN(value));
      const live = (contender.liveMemory.get(pid) ?? []).filter(({ at }) => at >= began).map(({ at, mebibytes }) => ({ at: (at - began) / hourMs, value: mebibytes }));
      const [trend, liveTrend] = [rss, live].map((figures) => trendOf(figures.slice(figures.length >> 1)));
      const text = (found) => (found === undefined ? '–' : `${found.slope.toFixed(0)} ± ${found.within.toFixed(0)}`);
      const most = (figures) => (figures.length === 0 ? '–' : Math.max(...figures.map(({ value }) => value)).toFixed(0));
      // Of processes that don't tell what they hold, their memory as the system sees it.
      const judged = live.length === 0 ? trend : liveTrend;
      const grows = judged !== undefined && judged.slope - judged.within > budget;
      over ||= grows;
      rows.push([contender.name, kind, rss[0]?.value.toFixed(0) ?? '–', most(rss), text(trend), most(live), text(liveTrend), judged === undefined ? 'too short to tell' : grows ? '**yes**' : 'no']);
    }
  }
  const head = ['', 'process', 'RSS at the start (MiB)', 'at the most', 'its slope in the second half (MiB/hour)', 'in use when collected, at the most', 'its slope', 'grows'];
  const text = [`${minutes} minutes, ${rate} requests a second to each, ${users.toLocaleString('en')} users to begin with; ${machine()}`, '', tableOf(head, rows), '', ...lines.map((line) => `- ${line}`)];
  console.log(text.join('\n'));
  if (options.report || minutes >= 30) await writeBetween('soak', text);
  process.exitCode = over ? 1 : 0;
} finally {
  for (const { sender, load, contender } of soaked) {
    clearInterval(sender?.timer);
    load?.close();
    await contender.stop();
  }
  await hashing.onApplicationShutdown();
  await postgres.stop();
}
