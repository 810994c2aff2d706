// What each workload costs with 1,000, 10,000 and 100,000 users (--million: and with a million), all in one: CPU time and buffers, in turns
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { HashingPool } from '../dist/libs/identity/src/passwords/hashing-pool.js';
import { startEmbeddedPostgres } from '../dist/libs/platform/database/src/index.js';
import { median } from './measure/clock.mjs';
import { temporaryFolder } from './measure/end-in-order.mjs';
import { machine, tableOf, writeBetween } from './measure/performance-page.mjs';
import { usageOf } from './measure/process-usage.mjs';
import { hashingParameters } from './peers/hash-alone.mjs';
import { Load } from './peers/load.mjs';
import { Rollcall } from './peers/rollcall.mjs';
import { password, workloads } from './peers/workloads.mjs';

const { values: options } = parseArgs({
  options: {
    million: { type: 'boolean', default: false },
    sizes: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    workloads: { type: 'string' },
    data: { type: 'string' },
    'prepare-only': { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
  },
});
const sizes = (options.sizes ?? `1000,10000,100000${options.million ? ',1000000' : ''}`).split(',').map(Number);
const [rounds, seconds] = ['rounds', 'seconds'].map((name) => Number(options[name]));
if (sizes.some((size) => !Number.isSafeInteger(size) || size < 1_000) || !(rounds >= 1) || !(seconds >= 1)) throw new Error('--sizes takes whole numbers from 1000, --rounds and --seconds numbers from 1');
// Those that only read come first: what is written makes the small ones larger.
const order = ['get', 'list', 'members', 'login', 'update', 'event', 'events', 'upsert', 'register', 'invite'];
const names = options.workloads?.split(',') ?? order;
const unknown = names.filter((name) => !order.includes(name));
if (unknown.length > 0) throw new Error(`--workloads: there is no ${unknown.join(', ')}; there are ${order.join(', ')}`);
const isWhole = options.sizes === undefined && options.workloads === undefined && rounds >= 3;
/** Of the smallest size: what the depth of indexes explains. */
const budget = 1.3;
const warmUpMs = 700;
/** Workloads that change pages of users who are there already. */
const changing = ['update', 'event', 'events', 'upsert'];
/** Of the pages that a request had written whole at first; and how long that may take to be reached. */
const [fewWholePages, settleAtMostMs] = [0.1, 90_000];
/** Postgres' processes tell what they have done at most once a second. */
const statisticsMs = 1_300;
/** The largest data is in memory, and checkpoints are far apart, as whoever has so much of it sees to; there are connections for all sizes; and what one size leaves to clean up is not done while another is measured. */
const settings = { shared_buffers: '4GB', max_wal_size: '32GB', checkpoint_timeout: '1h', max_connections: '400', autovacuum: 'off' };
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
/** Why more users cost more than an index's depth does, where they do. */
const explained = { list: 'a trigram index keeps a list of users for each three letters: those of common ones grow, however few match' };

/** Pages of 8 KiB that all statements in its databases have looked at until now. */
async function buffersOf(sql, { databaseUrl }) {
  const name = new URL(databaseUrl).pathname.slice(1);
  const { rows } = await sql.query('SELECT sum(blks_hit + blks_read)::float8 AS buffers FROM pg_stat_database WHERE starts_with(datname, $1)', [name]);
  return rows[0].buffers;
}

/** Cleans all databases up, and reads their tables and indexes into memory, as a server has them that has run for a while. */
async function warm(postgres, sql) {
  const { rows } = await sql.query('SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> current_database()');
  for (const { datname } of rows) {
    const url = new URL(postgres.url);
    url.pathname = `/${datname}`;
    const client = new pg.Client({ connectionString: url.toString() });
    await client.connect();
    await client.query('VACUUM (ANALYZE)');
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_prewarm');
    await client.query("SELECT pg_prewarm(oid) FROM pg_class WHERE relkind IN ('r', 'i', 't') AND relnamespace <> 'pg_catalog'::regnamespace AND pg_relation_size(oid) > 0");
    await client.end();
  }
}

/** All that a run of requests takes, from before the first to what is still done after the last answer. @returns seconds of CPU time for 1,000 requests, and buffers of one */
async function measure(sql, { users, contender, load, requests }, name) {
  await sleep(statisticsMs);
  const [buffers, usage, from] = [await buffersOf(sql, contender), usageOf(load.groups), load.number];
  const { errors } = await load.run(`${users} users, ${workloads[name]}`, requests[name], { warmUpMs: 0, measureMs: seconds * 1_000, isFirst: false });
  if (errors > 0) throw new Error(`${errors} requests of ${workloads[name]} were refused, with ${users} users`);
  const done = load.number - from;
  await sleep(statisticsMs);
  const after = usageOf(load.groups);
  const cpu = (group) => (after[group].cpuMs - usage[group].cpuMs) / done;
  return { server: cpu('server'), postgres: cpu('postgres'), buffers: ((await buffersOf(sql, contender)) - buffers) / done };
}

/**
 * After a checkpoint Postgres writes each page into its log whole when it first changes. Until that is done a request costs more, and for the longer the more pages there are: a server that
 * writes all day is past it, but for a small part of its day.
 */
async function settle(sql, { load, requests }, name) {
  const wholePages = async () => (await sql.query('SELECT wal_fpi::float8 AS pages FROM pg_stat_wal')).rows[0].pages;
  const until = performance.now() + settleAtMostMs;
  let most = 0;
  for (;;) {
    await sleep(statisticsMs);
    const [before, from] = [await wholePages(), load.number];
    await load.run('settling', requests[name], { warmUpMs: 0, measureMs: 2_000, isFirst: false });
    await sleep(statisticsMs);
    const ofRequest = ((await wholePages()) - before) / (load.number - from);
    most = Math.max(most, ofRequest);
    if (ofRequest <= most * fewWholePages || ofRequest < fewWholePages) return;
    if (performance.now() > until) return console.log(`${workloads[name]}: still ${ofRequest.toFixed(1)} pages written whole a request, of ${most.toFixed(1)}`);
  }
}

/** @returns the medians of a workload's rounds for each size */
async function measureAll(sql, ready, name) {
  const cells = ready.map(() => []);
  // The code is compiled, and statements have the plan that they keep.
  for (const { load, requests } of ready) await load.run('warming up', requests[name], { warmUpMs, measureMs: 0, isFirst: !['login', 'register', 'invite'].includes(name) });
  if (changing.includes(name)) for (const one of ready) await settle(sql, one, name);
  for (let round = 0; round < rounds; round += 1) {
    for (let place = 0; place < ready.length; place += 1) {
      const index = (place + round) % ready.length;
      cells[index].push(await measure(sql, ready[index], name));
    }
  }
  return cells.map((of) => {
    const [server, postgres, buffers] = ['server', 'postgres', 'buffers'].map((part) => median(of.map((figures) => figures[part])));
    return { server, postgres, buffers, cpu: median(of.map((figures) => figures.server + figures.postgres)) };
  });
}

const folder = options.data === undefined ? temporaryFolder('scaling') : resolve(options.data);
await mkdir(folder, { recursive: true, mode: 0o711 });
const hashing = new HashingPool({ PASSWORD_HASH_QUEUE: 10, PASSWORD_HASH_MEMORY_KIB: hashingParameters.memoryCost, PASSWORD_HASH_ITERATIONS: hashingParameters.timeCost, PASSWORD_HASH_PARALLELISM: hashingParameters.parallelism });
const postgres = await startEmbeddedPostgres({ dataDir: folder, log: silent, settings });
const sql = new pg.Client({ connectionString: postgres.url });
const ready = [];
try {
  await sql.connect();
  const postmaster = Number((await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
  const file = join(folder, 'state.json');
  const state = await readFile(file, 'utf8').then(JSON.parse, () => ({ filled: [] }));
  state.passwordHash ??= await hashing.run({ password, options: hashingParameters });
  // Each size has databases of its own on the one Postgres, so that all can be measured in turns.
  for (const users of sizes) {
    const contender = new Rollcall('all-in-one', { folder, postgresUrl: postgres.url, suffix: `-${users}` });
    ready.push({ users, contender });
    await contender.start();
    if (!state.filled.includes(users)) {
      const began = performance.now();
      await contender.fill(users, state);
      state.filled.push(users);
      await writeFile(file, JSON.stringify(state));
      console.log(`${users.toLocaleString('en')} users and ten times as many events in ${((performance.now() - began) / 1_000).toFixed(1)} s`);
    }
    const load = new Load(contender.url, { server: contender.groups.server, postgres: [postmaster] });
    Object.assign(ready.at(-1), { load, requests: await contender.requests(load, { users, run: `r${Date.now().toString(36)}` }) });
  }
  await warm(postgres, sql);
  await sql.query('CHECKPOINT');
  const rows = [];
  for (const name of options['prepare-only'] ? [] : names) {
    const figures = await measureAll(sql, ready, name);
    const [least] = figures;
    const most = figures.at(-1);
    const times = most.cpu / least.cpu;
    const verdict = times <= budget ? '' : (explained[name] ?? 'over');
    rows.push([
      workloads[name],
      ...figures.map(({ cpu, server, postgres: ofPostgres, buffers }) => `${cpu.toFixed(2)} (${server.toFixed(2)} + ${ofPostgres.toFixed(2)}), ${buffers < 100 ? buffers.toFixed(1) : Math.round(buffers).toLocaleString('en')}`),
      times > budget ? `**${times.toFixed(2)}**` : times.toFixed(2),
      (most.buffers / least.buffers).toFixed(2),
      verdict,
    ]);
    console.log(rows.at(-1).join(' | '));
    if (verdict === 'over') process.exitCode = 1;
  }
  const text = tableOf(['workload', ...sizes.map((size) => `${size.toLocaleString('en')} users`), 'CPU, times', 'buffers, times', 'why it is more than 1.3'], rows);
  console.log(text);
  if (rows.length > 0 && (options.report || isWhole)) await writeBetween('scaling', [`${rounds} rounds of ${seconds} s each in turns, 64 connections; ${machine()}`, '', text]);
} finally {
  for (const { load, contender } of ready) {
    load?.close();
    await contender.stop();
  }
  await hashing.onApplicationShutdown();
  await sql.end();
  await postgres.stop();
}
