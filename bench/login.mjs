// Logins per second against what argon2id alone allows on these cores, and how long other requests take meanwhile
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { HashingPool } from '../dist/libs/identity/src/passwords/hashing-pool.js';
import { RunningPlatform } from '../dist/libs/platform/testing/src/index.js';
import { median, percentile } from './measure/clock.mjs';
import { TreeCpu } from './measure/process-tree.mjs';
import { RawClient } from './measure/raw-client.mjs';

const shareOfHashing = 0.85; // issue: within 15 %
const otherBudgetMs = 50;
const rounds = 20;
const roundMs = 1_500;
/** `--in-flight 16`: how many log in at once. Enough for every thread to have a share while others are looked up and written. */
const inFlight = Number(parseArgs({ options: { 'in-flight': { type: 'string', default: '32' } } }).values['in-flight']);
const password = 'correct horse battery';
const parameters = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 };
const poolConfig = { PASSWORD_HASH_QUEUE: 1_000, PASSWORD_HASH_MEMORY_KIB: parameters.memoryCost, PASSWORD_HASH_ITERATIONS: parameters.timeCost, PASSWORD_HASH_PARALLELISM: parameters.parallelism };

/**
 * Keeps `inFlight` calls going for a while.
 * @returns how many were done, how long they took (ms), the CPU time of this process (ms), and that of the platform
 */
async function measure(call) {
  const tree = new TreeCpu();
  const before = process.cpuUsage();
  const began = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: inFlight }, async (_, place) => {
      while (performance.now() < began + roundMs) {
        await call(place);
        done += 1;
      }
    }),
  );
  const ms = performance.now() - began;
  const { user, system } = process.cpuUsage(before);
  return { done, ms, ownCpu: (user + system) / 1_000, platformCpu: tree.spent() };
}

const perSecond = ({ done, ms }) => (done * 1_000) / ms;
/** The load generator would run elsewhere: what it took of the cores was not there for logins. */
const drivers = ({ ms, ownCpu }) => ownCpu / (ms * availableParallelism());

/** One after the other, so that whatever else the machine does meets both alike; who begins changes. */
async function inTurns(round, alone, logins) {
  if (round % 2 === 0) return [await measure(alone), await measure(logins)];
  const first = await measure(logins);
  return [await measure(alone), first];
}

/** Prints where the CPU time of a login went. @returns the share by CPU time alone; undefined where nobody knows it */
function accountFor(alone, logins) {
  const sum = (of) => logins.reduce((total, round) => total + of(round), 0);
  if (logins.some(({ platformCpu }) => platformCpu === undefined)) return undefined;
  const done = sum((round) => round.done);
  const perLogin = (of) => sum(of) / done;
  const parts = Object.keys(logins[0].platformCpu).map((part) => [part, perLogin(({ platformCpu }) => platformCpu[part])]);
  const whole = parts.reduce((total, [, ms]) => total + ms, 0);
  const hash = alone.reduce((total, { ownCpu }) => total + ownCpu, 0) / alone.reduce((total, round) => total + round.done, 0);
  console.log(`CPU of a login: ${whole.toFixed(2)} ms (${parts.map(([part, ms]) => `${part} ${ms.toFixed(2)}`).join(', ')}); sending it ${perLogin(({ ownCpu }) => ownCpu).toFixed(2)} ms; of argon2id alone ${hash.toFixed(2)} ms`);
  return hash / whole;
}

const pool = new HashingPool(poolConfig);
const hash = await pool.run({ password, options: parameters });
const platform = await RunningPlatform.start('all-in-one', { LOGIN_FAILURES_PER_NAME: '1000000', LOGIN_FAILURES_PER_ADDRESS: '1000000', RPC_CHECK_REPLIES: 'false', LOG_LEVEL: 'warn' });
let held;
try {
  const demo = await platform.demo();
  const users = Array.from({ length: inFlight }, (_, place) => ({ uid: `bench-${place}`, email: `bench-${place}@example.com`, password_hash: hash }));
  const made = await platform.api.post(`/v1/admin/projects/${demo.project.id}/users/import-credentials`, { headers: { 'x-api-key': demo.apiKey }, body: { users } });
  if (made.body.imported !== inFlight) throw new Error(`not imported: ${made.text}`);
  const ok = ({ status, text }) => {
    if (status !== 200) throw new Error(`${status}: ${text}`);
  };
  const verify = () => pool.run({ passwords: [password], verification: { kind: 'argon2', hash } });
  const clients = users.map(() => new RawClient(platform.url));
  const requests = users.map(({ email }, place) => clients[place].encode('POST', `/${demo.project.slug}/users/login`, { body: JSON.stringify({ username: email, password }) }));
  const logIn = async (place) => ok(await clients[place].send(requests[place]));
  await measure(logIn);
  await measure(verify);
  const alone = [];
  const logins = [];
  for (let round = 0; round < rounds; round += 1) {
    const [hashed, loggedIn] = await inTurns(round, verify, logIn);
    alone.push(hashed);
    logins.push(loggedIn);
    const share = perSecond(loggedIn) / (1 - drivers(loggedIn)) / perSecond(hashed);
    console.log(`argon2id alone ${perSecond(hashed).toFixed(1)}/s, logins ${perSecond(loggedIn).toFixed(1)}/s, ${(drivers(loggedIn) * 100).toFixed(1)} % of the cores spent on sending them: ${(share * 100).toFixed(0)} %`);
  }
  const byCpu = accountFor(alone, logins);
  const other = new RawClient(platform.url);
  const getUser = other.encode('GET', '/v1/users/bench-0', { headers: { authorization: `Basic ${Buffer.from(`${demo.engagement.key}:${demo.engagement.secret}`).toString('base64')}` } });
  const others = [];
  let stop = false;
  const loggingIn = (async () => {
    while (!stop) await measure(logIn);
  })();
  const until = performance.now() + 6_000;
  while (performance.now() < until) {
    const began = performance.now();
    ok(await other.send(getUser));
    others.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  stop = true;
  await loggingIn;
  for (const client of [...clients, other]) client.close();
  const shares = logins.map((round, place) => perSecond(round) / (1 - drivers(round)) / perSecond(alone[place]));
  const share = median(shares);
  const p99 = percentile(others, 0.99);
  held = share >= shareOfHashing && p99 < otherBudgetMs;
  const spread = `${(Math.min(...shares) * 100).toFixed(0)} to ${(Math.max(...shares) * 100).toFixed(0)} %${byCpu === undefined ? '' : `; by CPU time ${(byCpu * 100).toFixed(1)} %`}`;
  console.log(`${availableParallelism()} cores; median share ${(share * 100).toFixed(1)} % (${spread}; budget ${shareOfHashing * 100} %); other requests meanwhile: median ${median(others).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (budget ${otherBudgetMs} ms): ${held ? 'held' : 'exceeded'}`);
} finally {
  await pool.onApplicationShutdown();
  await platform.stop();
}
process.exitCode = held ? 0 : 1;
