// What lists of people and invitations cost in an organisation of 1,000 and in one of 100,000: pages, sorts, searches, filters (--members for another size)
import { parseArgs } from 'node:util';
import { membership } from '../dist/libs/contracts/src/index.js';
import { invitationsConfig } from '../dist/libs/membership/src/invitations/invitations.config.js';
import { MembershipModule } from '../dist/libs/membership/src/membership.module.js';
import { Database } from '../dist/libs/platform/database/src/index.js';
import { median } from './measure/cpu.mjs';
import { fillMembership } from './measure/fill-membership.mjs';
import { startService } from './measure/one-service.mjs';

const { values } = parseArgs({ options: { members: { type: 'string', default: '100000' } } });
const many = Number(values.members);
if (!Number.isSafeInteger(many) || many < 10_000) throw new Error('--members takes a whole number, 10000 or more');
const few = 1_000;
const rounds = 15;
const viewer = { kind: 'key', organisationId: null, projectId: null, roles: ['super_admin'] };
const { sql, call, stop } = await startService({ name: 'membership', module: MembershipModule, configs: [invitationsConfig] });

/** Every statement of one call, as it was sent. */
async function statementsOf(work) {
  const sent = [];
  const query = Database.prototype.query;
  Database.prototype.query = function recorded(statement, parameters = []) {
    sent.push({ text: typeof statement === 'string' ? statement : statement.text, parameters });
    return query.call(this, statement, parameters);
  };
  try {
    await work();
  } finally {
    Database.prototype.query = query;
  }
  return sent;
}

const indexesOf = (plan) => [...(plan['Index Name'] === undefined ? [] : [plan['Index Name']]), ...(plan['Node Type'] === 'Seq Scan' ? [`all of ${plan['Relation Name']}`] : []), ...(plan.Plans ?? []).flatMap(indexesOf)];

/** Milliseconds of the whole call, as a median; the pages of 8 KiB that its statements look at; the indexes of the one that finds the page. */
async function measure(work) {
  const times = [];
  for (let round = -5; round < rounds; round += 1) {
    const began = performance.now();
    await work();
    if (round >= 0) times.push(performance.now() - began);
  }
  let buffers = 0;
  const indexes = [];
  for (const { text, parameters } of await statementsOf(work)) {
    const { rows } = await sql.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`, parameters);
    const [{ Plan: plan }] = rows[0]['QUERY PLAN'];
    buffers += plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
    indexes.push(...indexesOf(plan));
  }
  return { time: median(times), buffers, indexes: [...new Set(indexes)].filter((name) => /listings|invitations|all of|(organisation|team|project)_members/.test(name) && !/_user_id_idx/.test(name)) };
}

/** The cursor before the page `number`. */
async function cursorBefore(number, read) {
  let after;
  for (let page = 1; page < number; page += 1) {
    after = (await read(after)).nextCursor ?? undefined;
    if (after === undefined) return undefined;
  }
  return after;
}

async function measureAll({ organisationId, teamId, projectId }, deepPage) {
  const places = { organisation: { level: 'organisation', organisationId }, team: { level: 'team', teamId }, project: { level: 'project', projectId } };
  const found = new Map();
  const staff = (place, query) => (after) => call(membership.listStaff, { place, viewer, limit: 50, sortBy: 'name', descending: false, after, ...query });
  const paged = async (name, read) => {
    found.set(`${name}, page 1`, await measure(() => read()));
    const after = await cursorBefore(deepPage, read);
    found.set(`${name}, page 1,000`, await measure(() => read(after)));
  };
  for (const sortBy of membership.staffSortKeys) {
    for (const descending of [false, true]) await paged(`users of the organisation by ${sortBy}${descending ? ', descending' : ''}`, staff(places.organisation, { sortBy, descending }));
  }
  await paged('users of the team by name', staff(places.team, {}));
  await paged('users of the project (its own and its team’s) by name', staff(places.project, {}));
  const searches = [['an email', 'user777@'], ['a first name', 'first4711 '], ['what all have', 'example.com'], ['a fifth, the last ones', 'zoe'], ['a tenth', '9@ex'], ['what nobody has', 'qqqq'], ['two letters, nobody', 'qj'], ['one letter, nobody', 'q'], ['one letter, many', 'z']];
  for (const [name, search] of searches) {
    found.set(`search for ${name}, by name`, await measure(() => staff(places.organisation, { search })()));
    if (['what all have', 'a fifth, the last ones', 'what nobody has'].includes(name)) found.set(`search for ${name}, by creation, in the project`, await measure(() => staff(places.project, { search, sortBy: 'created_at', descending: true })()));
  }
  for (const [level, place] of Object.entries(places)) await paged(`members of the ${level}`, (after) => call(membership.listMembers, { place, limit: 50, after }));
  for (const status of [undefined, 'pending', 'expired', 'cancelled']) {
    found.set(`invitations of the organisation, ${status ?? 'all'}`, await measure(() => call(membership.listInvitations, { place: places.organisation, status, limit: 50 })));
  }
  for (const status of [undefined, 'pending']) found.set(`invitations of the deployment, ${status ?? 'all'}`, await measure(() => call(membership.listInvitations, { place: { level: 'deployment' }, status, limit: 50 })));
  return found;
}

/** A page looks up each of its fifty people in the tables of roles, and a search walks a thousand at the most before: more than that, or twice the time, depends on the size. */
const mostBuffers = 2_000;
const budget = (before) => before.time * 2 + 3;
/** These collect a fifth of all before they know whom to show first: a millisecond for a thousand of them, and a buffer for four. */
const collecting = new Map([['search for a fifth, the last ones, by name', many / 5], ['search for one letter, many, by name', many / 5]]);
const missed = [];
try {
  const small = await measureAll(await fillMembership(sql, few), 20);
  const large = await measureAll(await fillMembership(sql, many), 1_000);
  console.log(`${''.padEnd(66)} ${few.toLocaleString('en').padStart(18)} ${many.toLocaleString('en').padStart(22)}`);
  for (const [name, before] of small) {
    const after = large.get(name);
    const cell = ({ time, buffers }) => `${time.toFixed(2).padStart(7)} ms ${String(buffers).padStart(6)} b`;
    console.log(`${name.padEnd(66)} ${cell(before)} ${cell(after)}  × ${(after.time / before.time).toFixed(1)}  ${after.indexes.join(' ')}`);
    const matches = collecting.get(name) ?? 0;
    if (after.buffers > mostBuffers + matches / 4 || after.time > budget(before) + matches / 1_000) missed.push(name);
  }
} finally {
  await stop();
}
if (missed.length > 0) console.log(`\nover budget:\n  ${missed.join('\n  ')}`);
process.exitCode = missed.length > 0 ? 1 : 0;
