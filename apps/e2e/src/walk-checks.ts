import { expect } from '@jest/globals';
import { platform } from './fault-world.js';
import { segments, type Shown, type Walk } from './walk-actors.js';

const services = ['identity', 'profiles', 'membership', 'operations'];
const sorted = (bag: object) => Object.fromEntries(Object.entries(bag).sort(([one], [other]) => (one < other ? -1 : 1)));
interface Page<T> {
  items: T[];
  next: string | null | undefined;
}

/** All pages of a list. @param read given the cursor of the page before, or nothing for the first */
async function all<T>(read: (cursor: string) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  for (let cursor = ''; ; ) {
    const page = await read(cursor);
    items.push(...page.items);
    if (page.next == null) return items;
    cursor = encodeURIComponent(page.next);
  }
}

/** Nothing is on its way any more. */
export async function mustBeQuiet({ projectId }: Walk): Promise<void> {
  const count = async (service: string, what: string, parameters: unknown[] = [projectId]) => Number((await platform.query<{ count: string }>(service, `SELECT count(*) FROM ${what}`, parameters))[0]!.count);
  // A file whose sender was killed in the middle is given up after ten minutes; erasures wait for that.
  await platform.query('operations', `UPDATE imports SET received_at = received_at - interval '10 minutes' WHERE state = 'uploading' AND project_id = $1`, [projectId]);
  for (const service of services.slice(0, 3)) expect([service, await count(service, 'outbox WHERE published_at IS NULL OR fed_at IS NULL', [])]).toEqual([service, 0]);
  expect(await count('identity', `logins WHERE realm_id = $1 AND status = 'pending'`)).toBe(0);
  expect(await count('profiles', 'users WHERE realm_id = $1 AND hidden_by IS NOT NULL')).toBe(0);
  expect(await count('operations', `erasures WHERE realm_id = $1 AND state <> 'done'`)).toBe(0);
  expect(await count('operations', `imports WHERE project_id = $1 AND state IN ('uploading', 'waiting', 'running')`)).toBe(0);
  for (const service of services) expect([service, await platform.query(service, `SELECT consumer, type, error FROM dead_letters WHERE data->>'realmId' = $1`, [projectId])]).toEqual([service, []]);
}

/** What does not hold, in words. */
export async function wrongIn(walk: Walk): Promise<string[]> {
  const wrong: string[] = [];
  const same = (what: string, left: unknown, right: unknown) => {
    if (JSON.stringify(left) !== JSON.stringify(right)) wrong.push(`${what}: ${JSON.stringify(left)} and ${JSON.stringify(right)}`);
  };
  const { basic, bearer, root: headers, projectId, mark } = walk;
  const onB = await all<Shown>(async (cursor) => walk.get(`/v1/users?limit=30${cursor && `&next_cursor=${cursor}`}`, { basic }).then(({ data, next_cursor }) => ({ items: data, next: next_cursor })));
  const onA = await all<{ id: string; profile: Record<string, unknown>; segments: object }>(async (cursor) => walk.get(`/users?limit=100${cursor && `&cursor=${cursor}`}`, { bearer }).then(({ data, cursor: next }) => ({ items: data.users, next })));
  const onC = await all<Record<string, unknown>>(async (page) => walk.get(`/${mark}/users?size=100&page=${page || 1}`, { headers }).then(({ data, metadata }) => ({ items: data, next: metadata.hasNextPage ? String(metadata.currentPage + 1) : null })));
  const rows = await rowsOf(projectId);
  const ids = [...rows.keys()].sort();
  const home = onC.filter(({ id }) => rows.has(String(id)));
  same('users by surface B', onB.map(({ id }) => id).sort(), ids);
  same('users by surface C', home.map(({ id }) => id).sort(), ids);
  same('users by surface A', onA.map(({ id }) => id).sort(), onB.map(({ uid }) => uid).sort());
  same('their count', (await walk.get(`/${mark}/users/count`, { headers })).result, onC.length);

  const members = new Map<string, string[]>();
  for (const [name, id] of Object.entries(walk.segmentIds)) {
    const found = await all<{ user_id: string }>(async (cursor) => walk.get(`/v1/admin/projects/${projectId}/segments/${id}/members?page_size=100${cursor && `&cursor=${cursor}`}`, { headers }).then(({ users: items, next_cursor }) => ({ items, next: next_cursor })));
    members.set(name, found.map(({ user_id }) => user_id).sort());
    same(`count of ${name}`, (await walk.get(`/v1/admin/projects/${projectId}/segments/${id}`, { headers })).members, found.length);
    same(`members of ${name}`, members.get(name), onB.filter((user) => segments[name]!.fits(user, Number(rows.get(user.id)?.paid ?? 0))).map((user) => user.id).sort());
  }
  for (const user of onB) {
    const [c, d, b, a, row] = [home.find(({ id }) => id === user.id)!, await walk.get(`/v1/admin/projects/${projectId}/users/${user.id}`, { headers }), await walk.get(`/v1/users/${encodeURIComponent(user.uid)}`, { basic }), onA.find(({ id }) => id === user.uid)!, rows.get(user.id)!];
    const { user_id, first_name, user_email, phone, attributes, segments: its } = d;
    same('B, listed and read', user, b);
    same('B and C', [user.first_name, user.email, user.number, sorted(user.meta)], [c['firstName'], c['email'], c['mobilePhone'], sorted(c['attributes'] as object)]);
    same('B and D', [user.id, user.first_name, user.email, user.number, sorted(user.meta)], [user_id, first_name, user_email, phone, sorted(attributes)]);
    same('B and A', [user.email, user.meta['plan'] ?? null, user.meta['level'] ?? null], [a.profile['email'] || null, a.profile['plan'] ?? null, a.profile['level'] ?? null]);
    same('C and D', [c['username'], c['isActive'], c['roles']], [d.user_name, d.status === 'active', d.roles]);
    same('segments', [...new Set([...Object.keys(a.segments), ...user.segments.map(({ id }) => id)])].sort(), its.map(({ segment_id }: { segment_id: string }) => segment_id).sort());
    same(`segments of ${user.id}`, Object.keys(walk.segmentIds).filter((name) => members.get(name)!.includes(user.id)).sort(), Object.entries(walk.segmentIds).filter(([, id]) => user.segments.some((one) => one.id === id)).map(([name]) => name).sort());
    same(`what identity and membership know of ${user.id}`, [row.userName, row.isActive, row.roles], await ownersWordOf(projectId, user.id));
    // A value is there that an acknowledged write came after.
    for (const field of ['first_name', 'number'] as const) {
      const shown = walk.writes.find((write) => write.userId === user.id && write.field === field && write.value === user[field]);
      const later = walk.writes.find((write) => write.userId === user.id && write.field === field && shown !== undefined && write.from > shown.to);
      if (later !== undefined) wrong.push(`${field} of ${user.id}: ${shown!.value} is there, and ${later.value} was written after it`);
    }
  }
  await checkFeed(projectId, rows, wrong);
  wrong.push(...(await valuesOfNobody(walk)));
  return wrong;
}

async function rowsOf(projectId: string) {
  const rows = await platform.query<{ userId: string; version: string; userName: string | null; isActive: boolean; roles: string[]; paid: string }>(
    'profiles',
    `SELECT u.user_id AS "userId", u.version, d.user_name AS "userName", d.is_active AS "isActive", d.roles, (SELECT count(*) FROM user_events e WHERE e.realm_id = u.realm_id AND e.user_id = u.user_id AND event = 'Paid') AS paid
     FROM users u JOIN directory d USING (realm_id, user_id) WHERE realm_id = $1`,
    [projectId],
  );
  return new Map(rows.map((row) => [row.userId, row]));
}

async function ownersWordOf(projectId: string, userId: string): Promise<[string | null, boolean, string[]]> {
  const [login] = await platform.query<{ name: string | null; active: boolean }>('identity', 'SELECT user_name AS name, is_active AS active FROM logins WHERE realm_id = $1 AND user_id = $2', [projectId, userId]);
  const roles = await platform.query<{ role: string }>('membership', 'SELECT role FROM project_members WHERE project_id = $1 AND user_id = $2 ORDER BY role', [projectId, userId]);
  return [login?.name ?? null, login?.active ?? true, roles.map(({ role }) => role)];
}

/** Each position once, versions of a user in order, and of who is there the last one; who is gone was told of. */
async function checkFeed(projectId: string, rows: ReadonlyMap<string, { version: string }>, wrong: string[]): Promise<void> {
  const feed = await platform.query<{ position: string; type: string; user: string; version: string | null }>('operations', `SELECT position, type, user_id AS user, data->>'version' AS version FROM project_feed WHERE project_id = $1 ORDER BY position`, [projectId]);
  const last = new Map<string, number>();
  feed.forEach(({ position, type, user, version }, index) => {
    if (index > 0 && Number(position) !== Number(feed[index - 1]!.position) + 1) wrong.push(`feed: nothing before ${position}`);
    if (type === 'rollcall.user.erased') last.delete(user);
    if (type !== 'rollcall.user.created' && type !== 'rollcall.user.updated') return;
    if (Number(version) <= (last.get(user) ?? 0)) wrong.push(`feed: version ${version} of ${user} after ${last.get(user)}`);
    last.set(user, Number(version));
  });
  const [told, there] = [[...last], [...rows].map(([id, { version }]) => [id, Number(version)])].map((pairs) => pairs.map(String).sort());
  if (String(told) !== String(there)) wrong.push(`feed: it ends with ${String(told)}, there are ${String(there)}`);
}

/** Values that somebody wrote and that no user has: of those who were erased, overwritten and refused. A mail to somebody who is there keeps the address it went to. */
async function valuesOfNobody({ mark, projectId }: Walk): Promise<string[]> {
  const valuesIn = (rows: readonly { row: string }[]) => new Set(rows.flatMap(({ row }) => row.toLowerCase().match(new RegExp(`${mark}v\\d+x`, 'g')) ?? []));
  const owned = ['users', 'user_events', 'account_members'].map(async (table) => platform.query<{ row: string }>('profiles', `SELECT t::text AS row FROM ${table} t WHERE realm_id = $1`, [projectId]));
  const names = platform.query<{ row: string }>('identity', 'SELECT l::text AS row FROM logins l WHERE realm_id = $1', [projectId]);
  const alive = valuesIn((await Promise.all([...owned, names])).flat());
  const nobodys: string[] = [];
  for (const service of services) {
    const tables = await platform.query<{ name: string }>(service, `SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'outgoing_mails'`);
    for (const { name } of tables) {
      const values = valuesIn(await platform.query<{ row: string }>(service, `SELECT t::text AS row FROM ${name} t WHERE t::text ILIKE $1`, [`%${mark}v%`]));
      nobodys.push(...[...values].filter((value) => !alive.has(value)).map((value) => `${value} in ${service}.${name} is nobody’s`));
    }
  }
  return nobodys;
}
