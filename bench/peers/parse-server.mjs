import { parseKeys } from './parse-keys.mjs';
import { Program } from './program.mjs';
import { anyOf, eventNames, inTeam, mixed, password, searched } from './workloads.mjs';

const master = { 'x-parse-application-id': parseKeys.appId, 'x-parse-master-key': parseKeys.masterKey };
const signedIn = { requiresAuthentication: true };
const permissions = { find: signedIn, get: signedIn, count: signedIn, create: signedIn, update: signedIn, delete: signedIn, addField: {} };
const text = { type: 'String' };
const classes = {
  Customer: { uid: text, firstName: text, lastName: text, email: text, phone: text, city: text, attributes: { type: 'Object' } },
  Event: { customer: { type: 'Pointer', targetClass: 'Customer' }, eventId: text, event: text, properties: { type: 'Object' }, occurredAt: { type: 'Date' } },
  TeamMember: { team: text, role: text, customer: { type: 'Pointer', targetClass: 'Customer' } },
};

/** parse-server: see parse-server-server.mjs. It knows no invitations, and no upsert: customers are addressed by its own ids. */
export class ParsePeer extends Program {
  constructor(environment) {
    super('parse-server', 'parse-server-server.mjs', environment);
  }

  async fill(users) {
    const { hash } = await import('@node-rs/bcrypt');
    for (const [className, fields] of Object.entries(classes)) await this.call('POST', `/parse/schemas/${className}`, { className, fields, classLevelPermissions: permissions }, master);
    await this.call('POST', '/parse/users', { username: 'admin', password }, { 'x-parse-application-id': parseKeys.appId });
    const stored = await hash(password, 10);
    await this.inDatabase(async (sql) => {
      await sql.query(
        `INSERT INTO "Customer" ("objectId", "createdAt", "updatedAt", uid, "firstName", "lastName", email, phone, city, attributes)
         SELECT 'c' || n, now() - n % 1000 * interval '1 day', now(), 'uid-' || n, 'First' || n * 7919 % 5003, 'Last' || n * 104729 % 20011, 'user' || n || '@example.com', CASE WHEN n % 3 = 0 THEN '+49' || n END, 'City' || n % 300,
           jsonb_build_object('plan', (ARRAY['free', 'basic', 'pro', 'team'])[1 + n % 4], 'age', 18 + n % 60, 'note', 'some text of usual length')
         FROM generate_series(1, $1::bigint) n`,
        [users],
      );
      await sql.query(
        `INSERT INTO "Event" ("objectId", "createdAt", "updatedAt", customer, "eventId", event, properties, "occurredAt")
         SELECT 'e' || n || 'x' || e, now(), now(), 'c' || n, e::text, (ARRAY['Paid', 'Viewed', 'Searched', 'Viewed', 'Viewed'])[1 + e % 5], '{"source":"web"}', now() - e * interval '9 days' FROM generate_series(1, $1::bigint) n, generate_series(0, 9) e`,
        [users],
      );
      await sql.query(`INSERT INTO "TeamMember" ("objectId", "createdAt", "updatedAt", team, role, customer) SELECT 't' || n, now(), now(), 'bench', 'team_member', 'c' || n FROM generate_series(1, $1::bigint) n`, [inTeam(users)]);
      // Whom nobody may read may not log in.
      await sql.query(`INSERT INTO "_User" ("objectId", "createdAt", "updatedAt", username, _hashed_password, _rperm, _wperm) SELECT 'u' || n, now(), now(), 'user' || n || '@example.com', $2, ARRAY['u' || n], ARRAY['u' || n] FROM generate_series(1, $1::bigint) n`, [users, stored]);
      // What is searched and sorted by, and what must be unique.
      await sql.query('CREATE UNIQUE INDEX customer_uid_idx ON "Customer" (uid)');
      await sql.query('CREATE INDEX customer_search_idx ON "Customer" USING gin ("lastName" gin_trgm_ops)');
      await sql.query('CREATE INDEX customer_name_idx ON "Customer" ("lastName")');
      await sql.query('CREATE UNIQUE INDEX event_id_idx ON "Event" (customer, "eventId")');
      await sql.query('CREATE INDEX event_time_idx ON "Event" (customer, "occurredAt")');
      await sql.query('CREATE INDEX team_idx ON "TeamMember" (team)');
      await sql.query('VACUUM ANALYZE');
    });
  }

  async requests(load, { users, run }) {
    const { body: session } = await this.call('POST', '/parse/login', { username: 'admin', password }, { 'x-parse-application-id': parseKeys.appId });
    const application = { 'x-parse-application-id': parseKeys.appId };
    const headers = { ...application, 'x-parse-session-token': session.sessionToken };
    const send = (method, path, body) => load.encode(method, `/parse${path}`, { headers, body: JSON.stringify(body) });
    const find = (className, query) => load.encode('GET', `/parse/classes/${className}?${new URLSearchParams(query)}`, { headers });
    const pointer = (n) => ({ __type: 'Pointer', className: 'Customer', objectId: `c${n}` });
    const event = (n, customer, eventId) => ({ customer: pointer(customer), eventId, event: eventNames[n % 3], properties: { source: 'web', amount: n % 100 }, occurredAt: { __type: 'Date', iso: new Date().toISOString() } });
    const single = {
      get: (n) => load.encode('GET', `/parse/classes/Customer/c${anyOf(n, users)}`, { headers }),
      list: (n) => find('Customer', { where: JSON.stringify({ lastName: { $regex: searched(n, users), $options: 'i' } }), order: 'lastName', limit: '50', count: '1' }),
      upsert: (n) => {
        const fields = { firstName: `First${n}`, lastName: `Last${n % 20_011}`, attributes: { plan: 'pro', age: n % 60 } };
        return n % 2 === 0 ? send('POST', '/classes/Customer', { uid: `${run}-${n}`, ...fields }) : send('PUT', `/classes/Customer/c${anyOf(n, users)}`, fields);
      },
      update: (n) => send('PUT', `/classes/Customer/c${anyOf(n, users)}`, { 'attributes.plan': 'team', 'attributes.age': n % 60, 'attributes.seen': n }),
      event: (n) => send('POST', '/classes/Event', event(n, anyOf(n, users), `${run}-${n}`)),
      events: (n) => send('POST', '/batch', { requests: Array.from({ length: 100 }, (_, i) => ({ method: 'POST', path: '/parse/classes/Event', body: event(i, anyOf(n * 100 + i, users), `${run}-${n}-${i}`) })) }),
      login: (n) => load.encode('POST', '/parse/login', { headers: application, body: JSON.stringify({ username: `user${anyOf(n, users)}@example.com`, password }) }),
      register: (n) => load.encode('POST', '/parse/users', { headers: application, body: JSON.stringify({ username: `${run}-${n}`, email: `${run}-${n}@register.example`, password }) }),
      members: () => find('TeamMember', { where: '{"team":"bench"}', include: 'customer', order: 'objectId', limit: '50' }),
    };
    return { ...single, mixed: mixed(single) };
  }

  checks = {
    get: ({ uid }) => uid?.startsWith('uid-'),
    list: ({ results, count }) => results?.length === 50 && count >= 50,
    upsert: ({ objectId, updatedAt }) => objectId !== undefined || updatedAt !== undefined,
    update: ({ updatedAt }) => updatedAt !== undefined,
    event: ({ objectId }) => objectId !== undefined,
    events: (results) => results.length === 100 && results.every(({ success }) => success !== undefined),
    login: ({ sessionToken }) => sessionToken !== undefined,
    register: ({ sessionToken }) => sessionToken !== undefined,
    members: ({ results }) => results?.length === 50 && results[0].customer.uid !== undefined,
  };
}
