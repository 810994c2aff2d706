// Rollcall in both topologies beside the limit (one hand-written Fastify process), better-auth and parse-server, all on one Postgres, in turns
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { HashingPool } from '../dist/libs/identity/src/passwords/hashing-pool.js';
import { startEmbeddedPostgres } from '../dist/libs/platform/database/src/index.js';
import { temporaryFolder } from './measure/end-in-order.mjs';
import { hashAlone, hashingParameters } from './peers/hash-alone.mjs';
import { installPeers } from './peers/install.mjs';
import { Limit } from './peers/limit.mjs';
import { Load } from './peers/load.mjs';
import { printCell, summarise, writeReport } from './peers/report.mjs';
import { Rollcall } from './peers/rollcall.mjs';
import { password, workloads } from './peers/workloads.mjs';

const { values: options } = parseArgs({
  options: {
    users: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    workloads: { type: 'string' },
    contenders: { type: 'string', default: 'all-in-one,services,limit,better-auth,parse-server' },
    data: { type: 'string' },
    profile: { type: 'string' },
    report: { type: 'boolean', default: false },
    'prepare-only': { type: 'boolean', default: false },
  },
});
const users = wholeNumber('users', 10_000);
const rounds = wholeNumber('rounds', 1);
const seconds = wholeNumber('seconds', 1);
const wantedWorkloads = chosen(options.workloads ?? Object.keys(workloads).join(','), Object.keys(workloads), 'workloads');
const wantedContenders = chosen(options.contenders, ['all-in-one', 'services', 'limit', 'better-auth', 'parse-server'], 'contenders');
/** Figures that the page may show: of everybody, at full size. */
const isWhole = options.workloads === undefined && users >= 100_000 && rounds >= 3;
const warmUpMs = 1_000;
/** What the last one left to do is done by then. */
const betweenMs = 300;

function wholeNumber(name, least) {
  const number = Number(options[name]);
  if (!Number.isSafeInteger(number) || number < least) throw new Error(`--${name} takes a whole number, ${least} or more`);
  return number;
}

function chosen(text, known, name) {
  const names = text.split(',');
  const unknown = names.filter((one) => !known.includes(one));
  if (unknown.length > 0) throw new Error(`--${name}: there is no ${unknown.join(', ')}; there are ${known.join(', ')}`);
  return names;
}

/** @returns those that can be measured here, and why others can't */
async function contendersOf(environment) {
  const made = { 'all-in-one': () => new Rollcall('all-in-one', environment), services: () => new Rollcall('services', environment), limit: () => new Limit(environment) };
  const peers = wantedContenders.filter((name) => made[name] === undefined);
  const trouble = peers.length === 0 ? undefined : await installPeers();
  if (trouble === undefined && peers.length > 0) {
    const [{ BetterAuth }, { ParsePeer }] = [await import('./peers/better-auth.mjs'), await import('./peers/parse-server.mjs')];
    Object.assign(made, { 'better-auth': () => new BetterAuth(environment), 'parse-server': () => new ParsePeer(environment) });
  }
  return { contenders: wantedContenders.filter((name) => made[name] !== undefined).map((name) => ({ key: name, contender: made[name]() })), leftOut: trouble === undefined ? [] : peers.map((name) => `${name}: ${trouble}`) };
}

/** Starts a contender, gives it its users once, and looks at one answer to each workload. @returns undefined, and says why, when it can't be measured */
async function prepare({ key, contender }, state, leftOut) {
  try {
    await contender.start();
    if (state.filled[key] !== users) {
      const began = performance.now();
      await contender.fill(users, state);
      state.filled[key] = users;
      await writeFile(state.file, JSON.stringify(state));
      console.log(`${contender.name}: ${users.toLocaleString('en')} users in ${((performance.now() - began) / 1_000).toFixed(1)} s`);
    }
    const load = new Load(contender.url, { ...contender.groups, postgres: [state.postmaster] });
    const requests = await contender.requests(load, { users, run: `r${Date.now().toString(36)}` });
    for (const name of wantedWorkloads.filter((one) => contender.checks[one] !== undefined)) {
      const { status, text } = await load.send(requests[name](load.number++));
      if (status >= 200 && status <= 299 && contender.checks[name](JSON.parse(text))) continue;
      leftOut.push(`${contender.name}, ${workloads[name]}: an answer that is not what was asked for: ${status} ${text.slice(0, 200)}`);
      delete requests[name];
    }
    return { key, contender, load, requests };
  } catch (error) {
    leftOut.push(`${contender.name}: ${error.message}`);
    await contender.stop();
    return undefined;
  }
}

async function measureAll(ready, hashing) {
  const cells = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const workload of wantedWorkloads) {
      // Whoever begins changes, so that what comes before one is not always the same.
      for (let place = 0; place < ready.length; place += 1) {
        const { key, contender, load, requests } = ready[(place + round) % ready.length];
        if (requests[workload] === undefined) continue;
        const figures = await load.run(`${contender.name}, ${workloads[workload]}`, requests[workload], { warmUpMs, measureMs: seconds * 1_000, isFirst: round === 0 && !['login', 'register'].includes(workload) });
        cells.push({ contender: key, workload, ...figures });
        printCell(round, contender.name, workloads[workload], figures);
        await sleep(betweenMs);
      }
      if (workload !== 'login') continue;
      const figures = await hashAlone(hashing, seconds * 1_000);
      cells.push({ contender: 'argon2id', workload, ...figures });
      printCell(round, 'argon2id alone', workloads[workload], figures);
    }
  }
  return cells;
}

/** What was written while filling is on the disk, and nothing of it is left to do while others are measured. */
async function settle(postgresUrl) {
  const sql = new pg.Client({ connectionString: postgresUrl });
  await sql.connect();
  await sql.query('CHECKPOINT');
  const { rows } = await sql.query(`SELECT version(), current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS synchronous_commit`);
  await sql.end();
  if (rows[0].fsync !== 'on' || rows[0].synchronous_commit !== 'on') throw new Error('Postgres does not keep what it commits');
}

const folder = options.data === undefined ? temporaryFolder('peers') : resolve(options.data);
await mkdir(folder, { recursive: true, mode: 0o711 });
if (options.profile !== undefined) await mkdir(resolve(options.profile), { recursive: true });
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const hashing = new HashingPool({ PASSWORD_HASH_QUEUE: 1_000, PASSWORD_HASH_MEMORY_KIB: hashingParameters.memoryCost, PASSWORD_HASH_ITERATIONS: hashingParameters.timeCost, PASSWORD_HASH_PARALLELISM: hashingParameters.parallelism });
const postgres = await startEmbeddedPostgres({ dataDir: folder, log: silent });
const ready = [];
try {
  const file = join(folder, 'state.json');
  const kept = await readFile(file, 'utf8').then(JSON.parse, () => ({ filled: {}, passwordHash: undefined }));
  const state = { ...kept, file, passwordHash: kept.passwordHash ?? (await hashing.run({ password, options: hashingParameters })) };
  state.postmaster = Number((await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
  const { contenders, leftOut } = await contendersOf({ folder, postgresUrl: postgres.url, profile: options.profile === undefined ? undefined : resolve(options.profile) });
  for (const one of contenders) {
    const prepared = await prepare(one, state, leftOut);
    if (prepared !== undefined) ready.push(prepared);
  }
  await settle(postgres.url);
  for (const line of leftOut) console.log(`Left out: ${line}`);
  if (!options['prepare-only']) {
    const cells = await measureAll(ready, { pool: hashing, passwordHash: state.passwordHash });
    const summary = summarise(cells);
    console.log(summary.text);
    if (options.report || isWhole) await writeReport(summary, { users, rounds, seconds, leftOut });
    process.exitCode = cells.some(({ errors }) => errors > 0) ? 1 : 0;
  }
} finally {
  for (const { load, contender } of ready) {
    load.close();
    await contender.stop();
  }
  await hashing.onApplicationShutdown();
  await postgres.stop();
}
