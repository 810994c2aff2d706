// How long imports of 30,000 and of 100,000 users take, and whether the memory of any process grows with the file
import { setTimeout as delay } from 'node:timers/promises';
import { RunningPlatform } from '../dist/libs/platform/testing/src/index.js';
import { PeakMemory } from './measure/peak-memory.mjs';

const given = (name, otherwise) => {
  const place = process.argv.indexOf(`--${name}`);
  return place < 0 ? otherwise : process.argv[place + 1];
};
const topology = given('topology', 'services');
/**
 * What a batch has made is garbage that V8 keeps until its old space is full: every 7,000 to 10,000 users memory rises by some 80 MiB and falls
 * again. The smaller file has to be longer than that, or it is compared at the foot of a rise with a larger one at the top.
 */
const sizes = given('users', '30000,100000').split(',').map(Number);
const warmUp = 10_000;
/** What a process may need more for the largest file than for the smallest, in MiB: less than a tenth of what the file is larger. */
const budgetMiB = 64;

/** Lines of some 400 bytes, made while they are sent: the file is nowhere as a whole. */
async function* file(prefix, users) {
  for (let from = 0; from < users; from += 500) {
    const lines = Array.from({ length: Math.min(500, users - from) }, (_, n) => {
      const id = `${prefix}-${from + n}`;
      return `${JSON.stringify({ id, email: `${id}@example.com`, first_name: 'Ada', last_name: `Number ${from + n}`, created_at: '2021-02-03T04:05:06Z', attributes: { plan: 'pro', seats: n, note: 'x'.repeat(200) } })}\n`;
    });
    yield Buffer.from(lines.join(''));
  }
}

const platform = await RunningPlatform.start(topology, { RPC_CHECK_REPLIES: 'false', LOG_LEVEL: 'warn' });
let held = true;
try {
  const demo = await platform.demo();
  const headers = { 'x-api-key': demo.apiKey };
  const base = `${platform.url}/v1/admin/projects/${demo.project.id}/imports`;
  const imported = async (prefix, users) => {
    const memory = new PeakMemory();
    const began = performance.now();
    const sent = await fetch(`${base}?type=users`, { method: 'POST', headers: { ...headers, 'content-type': 'application/x-ndjson' }, body: ReadableStream.from(file(prefix, users)), duplex: 'half' });
    let job = await sent.json();
    if (sent.status !== 202) throw new Error(JSON.stringify(job));
    const uploaded = performance.now();
    while (job.finished_at === null) {
      await delay(500);
      job = await (await fetch(`${base}/${job.import_id}`, { headers })).json();
    }
    if (job.created !== users) throw new Error(JSON.stringify(job));
    const seconds = (from, to) => ((to - from) / 1_000).toFixed(1);
    const ended = performance.now();
    console.log(`${users} users, ${(job.bytes / 1024 / 1024).toFixed(1)} MiB: taken in ${seconds(began, uploaded)} s, written in ${seconds(uploaded, ended)} s (${Math.round(users / ((ended - uploaded) / 1_000))} a second)`);
    const peaks = memory.read();
    for (const { name, before, peak } of peaks) console.log(`  ${name}: ${before.toFixed(0)} MiB before, ${peak.toFixed(0)} MiB at the most`);
    return peaks;
  };
  // The first one warms up: code is compiled, pools are opened, heaps find their size.
  await imported('warm', Math.min(warmUp, sizes[0]));
  const small = await imported('small', sizes[0]);
  const large = await imported('large', sizes.at(-1));
  for (const { name, peak } of large) {
    const grown = peak - small.find((one) => one.name === name).peak;
    if (grown > budgetMiB) held = false;
    console.log(`${name}: ${grown.toFixed(0)} MiB more for ${sizes.at(-1)} users than for ${sizes[0]}`);
  }
  console.log(`budget ${budgetMiB} MiB: ${held ? 'held' : 'exceeded'}`);
} finally {
  await platform.stop();
}
process.exitCode = held ? 0 : 1;
