import { createHmac } from 'node:crypto';
import { limitKey } from './limit-schema.mjs';
import { Program } from './program.mjs';
import { anyOf, eventNames, inTeam, mixed, password, searched } from './workloads.mjs';

const idInSql = (kind) => `('0189000${kind}-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`;
const place = '01890000-1000-7000-9000-000000000001';

/** The limit: see limit-server.mjs. */
export class Limit extends Program {
  constructor(environment) {
    super('the limit', 'limit-server.mjs', environment);
  }

  fill(users, { passwordHash }) {
    return this.inDatabase(async (sql) => {
      await sql.query(
        `INSERT INTO users (user_id, external_id, first_name, last_name, email, phone, city, attributes, password_hash, created_at)
         SELECT ${idInSql(0)}, 'uid-' || n, 'First' || n * 7919 % 5003, 'Last' || n * 104729 % 20011, 'user' || n || '@example.com', CASE WHEN n % 3 = 0 THEN '+49' || n END, 'City' || n % 300,
           jsonb_build_object('plan', (ARRAY['free', 'basic', 'pro', 'team'])[1 + n % 4], 'age', 18 + n % 60, 'note', 'some text of usual length'), $2, now() - n % 1000 * interval '1 day'
         FROM generate_series(1, $1::bigint) n`,
        [users, passwordHash],
      );
      await sql.query(
        `INSERT INTO events SELECT ${idInSql(0)}, now() - e * interval '9 days' - n % 86400 * interval '1 second', e::text, (ARRAY['Paid', 'Viewed', 'Searched', 'Viewed', 'Viewed'])[1 + e % 5], '{"source":"web"}'
         FROM generate_series(1, $1::bigint) n, generate_series(0, 9) e`,
        [users],
      );
      await sql.query(`INSERT INTO people SELECT ${idInSql(4)}, 'staff' || n || '@example.com', 'First' || n, 'Last' || n FROM generate_series(1, $1::bigint) n`, [inTeam(users)]);
      await sql.query(`INSERT INTO team_members (team_id, user_id, role) SELECT $2, ${idInSql(4)}, 'team_member' FROM generate_series(1, $1::bigint) n`, [inTeam(users), place]);
      await sql.query('VACUUM ANALYZE');
    });
  }

  requests(load, { users, run }) {
    const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const part = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub: 'bench', scope: ['read', 'write'], exp: Math.floor(Date.now() / 1_000) + 86_400 })}`;
    const headers = { authorization: `Bearer ${part}.${createHmac('sha256', limitKey).update(part).digest('base64url')}` };
    const json = (body) => JSON.stringify(body);
    const event = (n) => ({ event: eventNames[n % 3], properties: { source: 'web', amount: n % 100 } });
    const single = {
      get: (n) => load.encode('GET', `/users/uid-${anyOf(n, users)}`, { headers }),
      list: (n) => load.encode('GET', `/users?search=${searched(n, users)}&size=50`, { headers }),
      upsert: (n) => load.encode('POST', '/users', { headers, body: json({ id: n % 2 === 0 ? `${run}-${n}` : `uid-${anyOf(n, users)}`, first_name: `First${n}`, last_name: `Last${n % 20_011}`, attributes: { plan: 'pro', age: n % 60 } }) }),
      update: (n) => load.encode('PUT', `/users/uid-${anyOf(n, users)}`, { headers, body: json({ attributes: { plan: 'team', age: n % 60, seen: n } }) }),
      event: (n) => load.encode('POST', `/users/uid-${anyOf(n, users)}/events`, { headers, body: json({ id: `${run}-${n}`, ...event(n) }) }),
      events: (n) => load.encode('POST', '/events/batch', { headers, body: json({ events: Array.from({ length: 100 }, (_, i) => ({ uid: `uid-${anyOf(n * 100 + i, users)}`, id: `${run}-${n}-${i}`, ...event(i) })) }) }),
      login: (n) => load.encode('POST', '/login', { body: json({ username: `user${anyOf(n, users)}@example.com`, password }) }),
      register: (n) => load.encode('POST', '/register', { headers, body: json({ username: `${run}-${n}`, email: `${run}-${n}@register.example`, password }) }),
      invite: (n) => load.encode('POST', '/invitations', { headers, body: json({ email: `${run}-${n}@example.com`, role: 'member', org_id: place }) }),
      members: () => load.encode('GET', `/teams/${place}/members?size=50`, { headers }),
    };
    return { ...single, mixed: mixed(single) };
  }

  checks = {
    get: ({ external_id: uid, email }) => uid?.startsWith('uid-') && email?.includes('@'),
    list: ({ data, count }) => data?.length === 50 && count >= 50,
    upsert: ({ attributes }) => attributes?.plan === 'pro',
    update: ({ attributes }) => attributes?.plan === 'team',
    event: ({ status }) => status === 'ok',
    events: ({ results }) => results?.length === 100 && results.every(({ status }) => status === 'ok'),
    login: ({ access_token: token }) => token !== undefined,
    register: ({ user_id: id }) => id !== undefined,
    invite: ({ invitation_id: id }) => id !== undefined,
    members: ({ members }) => members?.length === 50,
  };
}
