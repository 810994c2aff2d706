// How long an import of 1,000 users with their hashes takes over NATS: new ones, present ones, sent again, and with digests that have to be wrapped
import { randomBytes, createHash } from 'node:crypto';
import { RunningPlatform } from '../dist/libs/platform/testing/src/index.js';
import { median } from './measure/clock.mjs';

const budgetMs = 5_000;
const rounds = 3;
const count = 1_000;
const bcrypt = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';

function sha256() {
  const salt = randomBytes(8);
  return { algorithm: 'sha256', order: 'salt-first', salt: salt.toString('hex'), hash: createHash('sha256').update(salt).update('correct horse battery').digest('hex'), encoding: 'hex' };
}

const platform = await RunningPlatform.start('services', { RPC_CHECK_REPLIES: 'false', LOG_LEVEL: 'warn' });
let held;
try {
  const demo = await platform.demo();
  const { api } = platform;
  const headers = { 'x-api-key': demo.apiKey };
  const numbered = (prefix, make) => Array.from({ length: count }, (_, place) => make(`${prefix}-${place}`));
  const times = new Map();
  const send = async (name, users, outcome) => {
    const began = performance.now();
    const { status, body, text } = await api.post(`/v1/admin/projects/${demo.project.id}/users/import-credentials`, { headers, body: { users } });
    if (status !== 200 || body[outcome] !== count) throw new Error(`${status}: ${text.slice(0, 500)}`);
    times.set(name, [...(times.get(name) ?? []), performance.now() - began]);
  };
  for (let round = 0; round < rounds; round += 1) {
    const made = numbered(`new${round}`, (uid) => ({ uid, email: `${uid}@example.com`, user_name: uid, created_at: '2020-02-03', password_hash: bcrypt }));
    await send('who are new', made, 'imported');
    await send('who were sent before', made, 'skipped');
    const present = numbered(`present${round}`, (uid) => ({ uid, email: `${uid}@example.com` }));
    for (let from = 0; from < count; from += 50) {
      await Promise.all(present.slice(from, from + 50).map(({ uid, email }) => api.post('/v1/users', { basic: [demo.engagement.key, demo.engagement.secret], body: { id: uid, email } })));
    }
    await send('who are customers already', present.map((user) => ({ uid: user.uid, password_hash: bcrypt })), 'imported');
    if (round === 0) await send('with digests of SHA-256', numbered('digest', (uid) => ({ uid, email: `${uid}@example.com`, password_hash: sha256() })), 'imported');
  }
  for (const [name, each] of times) console.log(`${count} users ${name}: ${median(each).toFixed(0)} ms (${each.map((time) => time.toFixed(0)).join(', ')})`);
  held = [...times].every(([name, each]) => name.startsWith('with digests') || median(each) < budgetMs);
  console.log(`budget ${budgetMs} ms, but for digests, each of which is hashed with argon2id: ${held ? 'held' : 'exceeded'}`);
} finally {
  await platform.stop();
}
process.exitCode = held ? 0 : 1;
