// Whether the time of POST /v1/auth/password/forgot and /email/verify tells who has an account: --tries 300 (the default) or more
import { parseArgs } from 'node:util';
import { RunningPlatform } from '../dist/libs/platform/testing/src/running-platform.js';
import { median } from './measure/cpu.mjs';

/** How far the medians may be apart. */
const budget = 0.05;
const { values } = parseArgs({ options: { tries: { type: 'string', default: '300' } } });
const tries = Number(values.tries);
if (!Number.isSafeInteger(tries) || tries < 100 || tries > 900) throw new Error('--tries takes a whole number, 100 to 900');

/** What a request leaves to be done is mostly done by then. */
const betweenMs = 40;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function shuffled(names) {
  const rest = [...names];
  return names.map(() => rest.splice(Math.floor(Math.random() * rest.length), 1)[0]);
}

const mostMails = 1_000;
const platform = await RunningPlatform.start('all-in-one', { MAILS_PER_RECIPIENT: String(mostMails), MAIL_REQUESTS_PER_ADDRESS: '1000000', LOG_LEVEL: 'warn' });
let missed = false;
try {
  const { project, apiKey } = await platform.demo();
  const register = async (name, isActive) => {
    const answer = await platform.api.post(`/${project.slug}/users/register`, { headers: { 'x-api-key': apiKey }, body: { username: name, email: `${name}@example.com`, password: 'correct horse battery', isActive } });
    if (answer.status !== 200) throw new Error(`register answered ${answer.status}: ${answer.text}`);
  };
  for (const [name, isActive] of [['known', true], ['throttled', true], ['inactive', false]]) await register(name, isActive);

  /** Until all mails are sent. */
  const quiet = async () => {
    while ((await platform.query('operations', `SELECT 1 FROM mails WHERE state IN ('queued', 'sending') LIMIT 1`)).length > 0) await pause(200);
  };

  for (const path of ['/v1/auth/password/forgot', '/v1/auth/email/verify']) {
    const ask = async (name) => {
      const start = performance.now();
      const { status } = await platform.api.post(path, { body: { email: `${name}@example.com`, project: project.id } });
      const taken = performance.now() - start;
      if (status !== 202) throw new Error(`${path} answered ${status}`);
      return taken;
    };
    // Uses the one up, and warms everything.
    for (let count = 0; count <= mostMails; count += 1) await ask('throttled');
    await quiet();
    // Two that nobody has: how far those are apart is what the machine does to the figures.
    const times = { known: [], unknown: [], 'unknown-too': [], inactive: [], throttled: [] };
    for (let round = -10; round < tries; round += 1) {
      // In another order each time: what a request leaves to be done afterwards meets all the others alike.
      for (const name of shuffled(Object.keys(times))) {
        const taken = await ask(name);
        await pause(betweenMs);
        if (round >= 0) times[name].push(taken);
      }
    }
    const medians = Object.entries(times).map(([name, taken]) => [name, median(taken)]);
    const spread = Math.max(...medians.map(([, time]) => time)) / Math.min(...medians.map(([, time]) => time)) - 1;
    console.log(`${path}: ${medians.map(([name, time]) => `${name} ${time.toFixed(2)} ms`).join(', ')}; medians of ${tries} are ${(spread * 100).toFixed(1)} % apart at the most`);
    if (spread > budget) missed = true;
  }
} finally {
  await platform.stop();
}
process.exitCode = missed ? 1 : 0;
