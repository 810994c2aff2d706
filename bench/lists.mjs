// What lists, searches, events and segments of a project cost as it grows: --users 100000 (the default) or more, --events 10 each, --statements for these alone
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
const { values } = parseArgs({ options: { users: { type: 'string', default: '100000' }, events: { type: 'string', default: '10' }, statements: { type: 'boolean', default: false } } });
const users = Number(values.users);
const eventsEach = Number(values.events);
/** Milliseconds that a list of surface C may take: past 4,000 it is refused. */
const mostOfList = 3_000;
if (!Number.isSafeInteger(users) || users < 60_000) throw new Error('--users takes a whole number, 60000 or more: a thousand pages must be there');

const realmId = '01890000-0000-7000-9000-000000000000';
const actor = { type: 'system', id: 'bench' };
const { sql, call, stop } = await startProfiles();
const missed = [];

/** Milliseconds in Postgres, and pages of 8 KiB that were looked at, in the cache or not: medians. */
async function explain(text, parameters, rounds = 9) {
  const times = [];
  const buffers = [];
  for (let round = 0; round <= rounds; round += 1) {
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

/** All statements that answer a list of surface C with its count, or its count alone. */
async function projectList(name, where, { field = 'createdAt', offset = 0, count = false } = {}) {
  const sum = { time: 0, buffers: 0 };
  const on = {
    async query(text, parameters) {
      const { time, buffers } = await explain(text, parameters, 3);
      sum.time += time;
      sum.buffers += buffers;
      return (await sql.query(text, parameters)).rows;
    },
  };
  const asked = { realmId, staff: [], where: { filters: [], ...where } };
  if (count) await new ProjectListsRepository().count(on, asked);
  else await new ProjectListsRepository().page(on, asked, { sort: { field, descending: true }, offset, limit: 25 });
  show(`C, ${name}, ${count ? 'counted alone' : 'with their number'}`, sum);
  if (sum.time > mostOfList) missed.push(name);
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
  const filled = await timed(() => fillProfiles(sql, realmId, users, eventsEach));
  console.log(`${users.toLocaleString('en')} users and ${(users * eventsEach).toLocaleString('en')} events, made in ${(filled / 1000).toFixed(0)} s\n`);
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

  await projectList('newest users, page 1', {});
  // The deepest page that surface C has; beyond, one walks by id.
  await projectList('newest users, page 400', {}, { offset: 9_975 });
  await projectList('by last name', {}, { field: 'lastName' });
  const filter = (field, operator, value) => ({ filters: [{ field, operator, value }] });
  const attribute = (name, operator, value) => ({ filters: [{ attribute: name, operator, value }] });
  const day = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString();
  for (const [name, where, field] of [
    ['walked by id', filter('id', 'gt', idOfUser(users >> 1)), 'id'],
    ['search for a name', { search: 'First4711 L' }],
    ['search for two letters that nobody has', { search: 'zq' }],
    ['user name that nobody has', { userName: 'nobody' }],
    ['a role that nobody has', { role: 'editor' }],
    ['email', filter('email', 'eq', `user${users - 7}@example.com`)],
    ['email ends as every tenth does', filter('email', 'ends', '3@example.com')],
    ['first name', filter('firstName', 'eq', 'First4711')],
    ['last name begins', filter('lastName', 'starts', 'Last471')],
    ['last name contains', filter('lastName', 'contains', '4711')],
    ['last name is not', filter('lastName', 'neq', 'Last4711')],
    ['phone', filter('phone', 'eq', '+49999')],
    ['created in the last three days', filter('createdAt', 'gt', day(3))],
    ['created before the last 500 days, a half', filter('createdAt', 'lt', day(500))],
    ['active, as all are', filter('isActive', 'eq', 'true')],
    ['notes contain what nobody’s do', filter('notes', 'contains', 'x')],
    ['modified tomorrow, as nobody is', filter('modifiedAt', 'gt', day(-1))],
    ['an attribute that a quarter has', attribute('plan', 'eq', 'pro')],
    ['an attribute that three quarters have', attribute('plan', 'neq', 'pro')],
    ['an attribute with a value that nobody has', attribute('plan', 'eq', 'none')],
    ['an attribute that nobody has', attribute('rare', 'gt', '1')],
    ['an attribute above what a sixtieth has', attribute('age', 'gt', '76')],
    ['an attribute contains what all do', attribute('note', 'contains', 'usual')],
    ['a search and an attribute', { search: 'First4711', ...attribute('plan', 'eq', 'pro') }],
  ]) {
    await projectList(name, where, { field });
    await projectList(name, where, { count: true });
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

  if (!values.statements) await messages();
} finally {
  await stop();
}
if (missed.length > 0) console.log(`\nover budget: ${missed.join('; ')}`);
process.exitCode = missed.length > 0 ? 1 : 0;

/** What takes no single statement: events, upserts, segments. */
async function messages() {
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
}
