// Logins per second against what argon2id alone allows on these cores, and how long other requests take meanwhile
import { availableParallelism } from 'node:os';
import { HashingPool } from '../dist/libs/identity/src/passwords/hashing-pool.js';
import { RunningPlatform } from '../dist/libs/platform/testing/src/index.js';
import { median, percentile } from './measure/clock.mjs';
import { KeepAliveClient } from './measure/keep-alive-client.mjs';

const shareOfHashing = 0.85; // issue: within 15 %
const otherBudgetMs = 50;
const rounds = 10;
const roundMs = 3_000;
const inFlight = 16;
const password = 'correct horse battery';
const parameters = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 };

/**
 * Keeps `count` calls going for a while.
 * @returns how many were done a second, and the part of the machine's cores that this process took for making the calls
 */
async function perSecond(count, call) {
  const before = process.cpuUsage();
  const until = performance.now() + roundMs;
  let done = 0;
  await Promise.all(
    Array.from({ length: count }, async (_, place) => {
      while (performance.now() < until) {
        await call(place);
        done += 1;
      }
    }),
  );
  const { user, system } = process.cpuUsage(before);
  return { rate: (done * 1_000) / roundMs, own: (user + system) / 1_000 / (roundMs * availableParallelism()) };
}

const pool = new HashingPool({ PASSWORD_HASH_QUEUE: 1_000 });
const hash = await pool.run({ password, options: parameters });
const platform = await RunningPlatform.start('all-in-one', { LOGIN_FAILURES_PER_NAME: '1000000', LOGIN_FAILURES_PER_ADDRESS: '1000000', RPC_CHECK_REPLIES: 'false', LOG_LEVEL: 'warn' });
let held;
try {
  const demo = await platform.demo();
  const { api } = platform;
  const users = Array.from({ length: inFlight }, (_, place) => ({ uid: `bench-${place}`, email: `bench-${place}@example.com`, password_hash: hash }));
  const made = await api.post(`/v1/admin/projects/${demo.project.id}/users/import-credentials`, { headers: { 'x-api-key': demo.apiKey }, body: { users } });
  if (made.body.imported !== inFlight) throw new Error(`not imported: ${made.text}`);
  const client = new KeepAliveClient(platform.url, inFlight);
  const ok = ({ status, text }) => {
    if (status !== 200) throw new Error(`${status}: ${text}`);
  };
  const verify = () => pool.run({ passwords: [password], verification: { kind: 'argon2', hash } });
  const bodies = users.map(({ email }) => JSON.stringify({ username: email, password }));
  const logIn = async (place) => ok(await client.send('POST', `/${demo.project.slug}/users/login`, { body: bodies[place] }));
  const others = [];
  const other = async () => {
    const began = performance.now();
    ok(await api.get('/v1/users/bench-0', { basic: [demo.engagement.key, demo.engagement.secret] }));
    others.push(performance.now() - began);
  };
  await perSecond(inFlight, logIn);
  const shares = [];
  for (let round = 0; round < rounds; round += 1) {
    const { rate: alone } = await perSecond(inFlight, verify);
    const { rate: logins, own } = await perSecond(inFlight, logIn);
    // The load generator would run elsewhere: what it took of the cores was not there for logins.
    shares.push(logins / (1 - own) / alone);
    console.log(`argon2id alone ${alone.toFixed(1)}/s, logins ${logins.toFixed(1)}/s, ${(own * 100).toFixed(0)} % of the cores spent on sending them: ${(shares.at(-1) * 100).toFixed(0)} %`);
  }
  let stop = false;
  const loggingIn = (async () => {
    while (!stop) await perSecond(inFlight, logIn);
  })();
  const until = performance.now() + roundMs * 2;
  while (performance.now() < until) {
    await other();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  stop = true;
  await loggingIn;
  client.close();
  const share = median(shares);
  const p99 = percentile(others, 0.99);
  held = share >= shareOfHashing && p99 < otherBudgetMs;
  console.log(`${availableParallelism()} cores; median share ${(share * 100).toFixed(0)} % (budget ${shareOfHashing * 100} %); other requests meanwhile: median ${median(others).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (budget ${otherBudgetMs} ms): ${held ? 'held' : 'exceeded'}`);
} finally {
  await pool.onApplicationShutdown();
  await platform.stop();
}
process.exitCode = held ? 0 : 1;
