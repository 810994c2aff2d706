// Whether the time of a refused login tells who there is: medians of unknown name, wrong password and inactive user, in turns
import { RunningPlatform } from '../dist/libs/platform/testing/src/index.js';
import { interleaveTimes, median, spread } from './measure/clock.mjs';

const budget = 0.05; // issue: medians within 5 %
const tries = 300;
const warmUp = 20;
const password = 'correct horse battery';

const platform = await RunningPlatform.start('all-in-one', {
  // Throttling off, as far as it goes: what is measured is what comes after it.
  ...{ LOGIN_FAILURES_PER_NAME: '1000000', LOGIN_FAILURES_PER_ADDRESS: '1000000', RPC_CHECK_REPLIES: 'false', LOG_LEVEL: 'warn' },
});
let worst;
try {
  const demo = await platform.demo();
  const { api } = platform;
  const users = `/v1/admin/projects/${demo.project.id}/users`;
  const admin = { 'x-api-key': demo.apiKey };
  const hash = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
  const made = await api.post(`${users}/import-credentials`, { headers: admin, body: { users: [{ uid: 'known', email: 'known@example.com', password_hash: hash }, { uid: 'inactive', email: 'inactive@example.com', password_hash: hash }] } });
  for (const { user_id } of made.body.results) await api.post(`/${demo.project.slug}/users/${user_id}/change-password`, { headers: admin, body: { password } });
  await api.post(`/${demo.project.slug}/users/${made.body.results[1].user_id}/status`, { headers: admin, body: { isActive: false } });
  const logIn = async (username) => {
    const { status } = await api.post(`/${demo.project.slug}/users/login`, { body: { username, password: 'wrong horse battery' } });
    if (status !== 401) throw new Error(`a login that should be refused answered ${status}`);
  };
  const ways = { 'wrong password': () => logIn('known@example.com'), 'unknown name': () => logIn('nobody@example.com'), 'inactive user': () => logIn('inactive@example.com') };
  const times = await interleaveTimes(warmUp, tries, Object.values(ways));
  const medians = times.map(median);
  for (const [index, name] of Object.keys(ways).entries()) console.log(`${name.padEnd(16)} ${spread(times[index])}`);
  worst = Math.max(...medians) / Math.min(...medians) - 1;
  console.log(`${tries} tries each, in turns; the medians differ by ${(worst * 100).toFixed(1)} %; budget ${budget * 100} %: ${worst <= budget ? 'held' : 'exceeded'}`);
} finally {
  await platform.stop();
}
process.exitCode = worst <= budget ? 0 : 1;
