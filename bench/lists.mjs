// What lists, searches, events and segments of a project cost as it grows: --users 100000 (the default) or more
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { profiles } from '../dist/libs/contracts/src/index.js';
import { containing, countUsers, searchText, sortKeys } from '../dist/libs/profiles/src/directory/directory-lists.js';
import { listEventsStatement } from '../dist/libs/profiles/src/events/events.repository.js';
import { ProjectListsRepository } from '../dist/libs/profiles/src/project-lists/project-lists.repository.js';
import { listStatements } from '../dist/libs/profiles/src/users/user-lists.repository.js';
import { newestUsers } from '../dist/libs/profiles/src/users/user-pages.repository.js';
import { getUserStatement } from '../dist/libs/profiles/src/users/users.repository.js';
import { median } from './measure/cpu.mjs';
import { fillProfiles, idOfUser } from './measure/fill-profiles.mjs';
import { startProfiles } from './measure/profiles-service.mjs';

/** How many times as many pages of buffers the thousandth page may take as the first. */
const budget = 1.5;
const { values } = parseArgs({ options: { users: { type: 'string', default: '100000' } } });
const users = Number(values.users);
if (!Number.isSafeInteger(users) || users < 60_000) throw new Error('--users takes a whole number, 60000 or more: a thousand pages must be there');

const realmId = '01890000-0000-7000-9000-000000000000';
const actor = { type: 'system', id: 'bench' };
const { sql, call, stop } = await startProfiles();
const missed = [];

/** Milliseconds in Postgres, and pages of 8 KiB that were looked at, in the cache or not: medians of nine. */
async function explain(text, parameters) {
  const times = [];
  const buffers = [];
  for (let round = 0; round < 10; round += 1) {
    const { rows } = await sql.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`, parameters);
    const [{ Plan: plan, 'Execution Time': time }] = rows[0]['QUERY PLAN'];
    if (round === 0) continue; // reads what is not in the cache yet
    times.push(time);
    buffers.push(plan['Shared Hit Blocks'] + plan['Shared Read Blocks']);
  }
  return { time: median(times), buffers: median(buffers) };
}

const show = (name, { time, buffers }, more = '') => console.log(`${name.padEnd(64)} ${time.toFixed(2).padStart(9)} ms ${String(buffers).padStart(7)} buffers${more}`);

async function one(name, text, parameters) {
  show(name, await explain(text, parameters));
}

/** The first and the thousandth page. */
async function pages(name, text, first, thousandth, mostTimes = budget) {
  const [near, far] = [await explain(text, first), await explain(text, thousandth)];
  show(`${name}, page 1`, near);
  show(`${name}, page 1,000`, far, `  × ${(far.time / near.time).toFixed(2)} time, × ${(far.buffers / near.buffers).toFixed(2)} buffers`);
  if (far.buffers > near.buffers * mostTimes) missed.push(name);
}

/** The statement that answers a list of surface C with its count. */
async function projectList(where, field, descending, offset) {
  let statement = [];
  const on = { query: (...asked) => ((statement = asked), [{ count: 0, page: [] }]) };
  await new ProjectListsRepository().page(on, { realmId, staff: [], where: { filters: [], ...where } }, { sort: { field, descending }, offset, limit: 25 });
  return statement;
}

async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function spread(name, times, work) {
  const taken = [];
  for (let n = 0; n < times; n += 1) taken.push(await timed(() => work(n)));
  taken.sort((a, b) => a - b);
  console.log(`${name.padEnd(64)} ${median(taken).toFixed(2).padStart(9)} ms (median of ${times}; the slowest ${taken.at(-1).toFixed(1)} ms)`);
}

async function untilTrue(check) {
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, 5));
}

try {
  const filled = await timed(() => fillProfiles(sql, realmId, users));
  console.log(`${users.toLocaleString('en')} users and ${(users * 10).toLocaleString('en')} events, made in ${(filled / 1000).toFixed(0)} s\n`);
  const { rows: [{ top }] } = await sql.query('SELECT max(seq) AS top FROM users WHERE realm_id = $1', [realmId]);
  const newest = Number(top) + 1;

  await pages('A, newest users, 50 a page', newestUsers.text, [realmId, newest, 51], [realmId, newest - 999 * 50, 51]);
  await pages('B, newest users, 30 a page', listStatements.older.all.text, [realmId, newest, 31], [realmId, newest - 999 * 30, 31]);
  await pages('B, back again', listStatements.newer.all.text, [realmId, newest - 1000 * 30, 31], [realmId, newest - 31, 31]);
  for (const by of ['lastName', 'email', 'createdAt']) {
    const key = sortKeys[by];
    const { rows } = await sql.query(`SELECT ${key} AS key, d.seq FROM directory d WHERE d.realm_id = $1 AND NOT d.hidden ORDER BY ${key}, d.seq OFFSET 49950 LIMIT 1`, [realmId]);
    const text = `SELECT d.seq FROM directory d WHERE d.realm_id = $1 AND NOT d.hidden AND (${key}, d.seq) > ($2, $3) ORDER BY ${key}, d.seq LIMIT 51`;
    await pages(`by ${by}, cursor, 50 a page`, text, [realmId, by === 'createdAt' ? '-infinity' : '', 0], [realmId, rows[0].key, rows[0].seq]);
  }
  const offset = `SELECT d.seq FROM directory d WHERE d.realm_id = $1 AND NOT d.hidden ORDER BY ${sortKeys.lastName}, d.seq OFFSET $2 LIMIT 25`;
  await one('by lastName, offset 0', offset, [realmId, 0]);
  await one('by lastName, offset 10,000 (the deepest)', offset, [realmId, 10_000]);

  // The deepest page that surface C has; beyond, one walks by id.
  await pages('C, newest users, 25 a page (page 400 for 1,000)', (await projectList({}, 'createdAt', true, 0))[0], (await projectList({}, 'createdAt', true, 0))[1], (await projectList({}, 'createdAt', true, 9_975))[1], Infinity);
  const attribute = (name, operator, value) => ({ filters: [{ attribute: name, operator, value }] });
  for (const [name, where, field] of [
    ['by last name', {}, 'lastName'],
    ['walked by id', { filters: [{ field: 'id', operator: 'gt', value: idOfUser(users >> 1) }] }, 'id'],
    ['search for a name', { search: 'First4711 L' }, 'createdAt'],
    ['filtered by an email', { filters: [{ field: 'email', operator: 'eq', value: `user${users - 7}@example.com` }] }, 'createdAt'],
    ['filtered by an attribute that a quarter has', attribute('plan', 'eq', 'pro'), 'createdAt'],
    ['filtered by an attribute that nobody has', attribute('plan', 'eq', 'none'), 'createdAt'],
    ['a search, filtered by an attribute', { search: 'First4711', ...attribute('plan', 'eq', 'pro') }, 'createdAt'],
  ]) {
    await one(`C, ${name}, with its count`, ...(await projectList(where, field, true, 0)));
  }

  const search = (what) => `SELECT ${what} FROM directory d WHERE d.realm_id = $1 AND NOT d.hidden AND ${searchText} LIKE lower($2)`;
  console.log();
  for (const [name, text] of [['an email from its beginning', `user${users - 7}@`], ['a name from its beginning', 'First4711 L'], ['four letters in the middle', '9@ex']]) {
    await one(`search for ${name}, counted`, search('count(*)'), [realmId, containing(text)]);
  }
  await one('how many users', countUsers.text, [realmId]);
  await one('get by uid', getUserStatement.text, [realmId, null, `uid-${users >> 1}`, null]);
  const timeline = [realmId, idOfUser(users >> 1), null, null, null, null, null, null, null, 6];
  await one('time line of a user, 5 a page', listEventsStatement.text, timeline);

  console.log();
  await spread('get by uid, as a message', 200, (n) => call(profiles.getUser, { realmId, user: { uid: `uid-${1 + n * 97}` } }));
  await spread('an event, as a message, committed', 200, (n) => call(profiles.trackEvent, { realmId, user: { uid: `uid-${1 + n * 89}` }, event: { id: randomUUID(), event: 'Paid', value: null, properties: {} } }));
  await spread('an upsert that changes an attribute', 100, (n) => call(profiles.upsertUser, { realmId, newUserId: randomUUID(), externalId: `uid-${1 + n * 83}`, patch: { attributes: { age: 99 } }, actor }));
  await spread('an upsert that changes a name', 100, (n) => call(profiles.upsertUser, { realmId, newUserId: randomUUID(), externalId: `uid-${1 + n * 79}`, patch: { lastName: `Changed${n}` }, actor }));
  await spread('a new user', 100, (n) => call(profiles.upsertUser, { realmId, newUserId: randomUUID(), externalId: `new-${n}`, patch: { lastName: `New${n}`, email: `new${n}@example.com` }, actor }));

  console.log();
  const segments = {};
  for (const [name, rule] of [['attributes.plan', { 'attributes.plan': 'pro' }], ['two paid in 30 days', { events: { $count: { event: 'Paid', within_days: 30 }, $gte: 2 } }]]) {
    const segmentId = (segments[name] = randomUUID());
    const seconds = (await timed(async () => {
      await call(profiles.createSegment, { realmId, segmentId, name, rule, actor });
      await untilTrue(async () => (await call(profiles.getSegment, { realmId, segmentId })).segment.state === 'ready');
    })) / 1000;
    const { members } = await call(profiles.getSegment, { realmId, segmentId });
    console.log(`segment by ${name}: ${members.toLocaleString('en')} members of all users in ${seconds.toFixed(1)} s`);
    if (seconds > (users / 100_000) * 30) missed.push(`segment by ${name}`);
  }
  const again = (await timed(async () => {
    await sql.query(`UPDATE segments SET run_seq = 0, run_until = NULL`);
    await untilTrue(async () => (await sql.query('SELECT FROM segments WHERE run_seq IS NOT NULL')).rowCount === 0);
  })) / 1000;
  console.log(`both looked at again, nothing to change: ${again.toFixed(1)} s`);
  await spread('from an upsert until the user is in the segment', 30, async (n) => {
    const externalId = `uid-${4 * n + 4}`;
    await call(profiles.upsertUser, { realmId, newUserId: randomUUID(), externalId, patch: { attributes: { plan: 'pro' } }, actor });
    await untilTrue(async () => (await call(profiles.getUser, { realmId, user: { uid: externalId } })).segments.some(({ id }) => id === segments['attributes.plan']));
  });
  await one('members of a segment, counted', 'SELECT count(*) FROM segment_members WHERE realm_id = $1 AND segment_id = $2 AND member', [realmId, segments['attributes.plan']]);
} finally {
  await stop();
}
if (missed.length > 0) console.log(`\nover budget: ${missed.join('; ')}`);
process.exitCode = missed.length > 0 ? 1 : 0;
