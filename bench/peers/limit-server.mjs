// The limit: what a person could reach by one hand-written process that does these operations and gives up everything else.
// Fastify's schemas validate, tokens are checked without asking anybody, statements are prepared, and an answer is sent after the commit.
import { createHash, createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import Fastify from 'fastify';
import pg from 'pg';
import { limitKey, schema } from './limit-schema.mjs';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
await pool.query(schema);
const app = Fastify({ bodyLimit: 1_048_576 });
const run = (name, text, values) => pool.query({ name, text, values });

const text = { type: 'string', maxLength: 256 };
const id = { type: 'string', pattern: '^[A-Za-z0-9_.@:+=-]{1,128}$' };
const attributes = { type: 'object', maxProperties: 1_000, additionalProperties: { type: ['string', 'number', 'boolean', 'null'] } };
const event = { id, event: { ...text, minLength: 1 }, properties: attributes, timestamp: { type: 'string', format: 'date-time' } };
const columns = 'user_id, external_id, first_name, last_name, email, phone, city, attributes, created_at, modified_at';

const sign = (part) => createHmac('sha256', limitKey).update(part).digest();
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** HS256 (RFC 7515). */
function token(claims) {
  const part = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${part}.${sign(part).toString('base64url')}`;
}

app.addHook('onRequest', (request, reply, done) => {
  if (request.url === '/' || request.url === '/login') return done();
  const given = request.headers.authorization?.slice(7) ?? '';
  const dot = given.lastIndexOf('.');
  const signature = Buffer.from(given.slice(dot + 1), 'base64url');
  const right = sign(given.slice(0, Math.max(dot, 0)));
  if (signature.length !== right.length || !timingSafeEqual(signature, right)) return reply.code(401).send({ error: 'unauthorized' });
  const claims = JSON.parse(Buffer.from(given.slice(given.indexOf('.') + 1, dot), 'base64url').toString());
  if (claims.exp * 1_000 < Date.now()) return reply.code(401).send({ error: 'expired' });
  if (request.method !== 'GET' && !claims.scope.includes('write')) return reply.code(403).send({ error: 'forbidden' });
  done();
});

app.get('/', () => ({}));

app.get('/users/:id', { schema: { params: { type: 'object', properties: { id } } } }, async (request, reply) => {
  const { rows } = await run('get', `SELECT ${columns} FROM users WHERE external_id = $1`, [request.params.id]);
  return rows[0] ?? reply.code(404).send({ error: 'not found' });
});

const listQuery = { type: 'object', required: ['search'], properties: { search: { ...text, minLength: 3 }, size: { type: 'integer', minimum: 1, maximum: 100, default: 25 } } };
app.get('/users', { schema: { querystring: listQuery } }, async (request) => {
  const { search, size } = request.query;
  const { rows } = await run('list', `SELECT ${columns}, count(*) OVER () AS count FROM users WHERE search LIKE $1 ORDER BY last_name, user_id LIMIT $2`, [`%${search.toLowerCase().replaceAll(/[%_\\]/g, '\\$&')}%`, size]);
  return { data: rows.map(({ count: _, ...user }) => user), count: Number(rows[0]?.count ?? 0) };
});

const upsertBody = { type: 'object', required: ['id'], properties: { id, first_name: text, last_name: text, email: text, phone: text, attributes } };
app.post('/users', { schema: { body: upsertBody } }, async ({ body }) => {
  const { rows } = await run(
    'upsert',
    `INSERT INTO users (user_id, external_id, first_name, last_name, email, phone, attributes) VALUES ($1, $2, $3, $4, $5, $6, jsonb_strip_nulls($7))
     ON CONFLICT (external_id) DO UPDATE SET first_name = coalesce(excluded.first_name, users.first_name), last_name = coalesce(excluded.last_name, users.last_name), email = coalesce(excluded.email, users.email),
       phone = coalesce(excluded.phone, users.phone), attributes = jsonb_strip_nulls(users.attributes || $7), modified_at = now()
     RETURNING ${columns}`,
    [randomUUID(), body.id, body.first_name, body.last_name, body.email, body.phone, body.attributes ?? {}],
  );
  return rows[0];
});

app.put('/users/:id', { schema: { params: { type: 'object', properties: { id } }, body: { type: 'object', required: ['attributes'], properties: { attributes } } } }, async (request, reply) => {
  const { rows } = await run('update', `UPDATE users SET attributes = jsonb_strip_nulls(attributes || $2), modified_at = now() WHERE external_id = $1 RETURNING ${columns}`, [request.params.id, request.body.attributes]);
  return rows[0] ?? reply.code(404).send({ error: 'not found' });
});

app.post('/users/:id/events', { schema: { params: { type: 'object', properties: { id } }, body: { type: 'object', required: ['event'], properties: event } } }, async (request, reply) => {
  const { id: eventId = randomUUID(), event: name, properties = {}, timestamp = null } = request.body;
  const { rows } = await run(
    'event',
    `WITH u AS (SELECT user_id FROM users WHERE external_id = $1),
       e AS (INSERT INTO events (user_id, event_id, event, properties, occurred_at) SELECT user_id, $2, $3, $4, coalesce($5::timestamptz, now()) FROM u ON CONFLICT DO NOTHING)
     SELECT 1 FROM u`,
    [request.params.id, eventId, name, properties, timestamp],
  );
  return rows.length === 1 ? { status: 'ok' } : reply.code(404).send({ error: 'not found' });
});

const batchBody = { type: 'object', required: ['events'], properties: { events: { type: 'array', minItems: 1, maxItems: 1_000, items: { type: 'object', required: ['uid', 'event'], properties: { uid: id, ...event } } } } };
app.post('/events/batch', { schema: { body: batchBody } }, async ({ body: { events } }) => {
  const of = (value) => events.map(value);
  const { rows } = await run(
    'events',
    `WITH given AS (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[]) WITH ORDINALITY AS g (uid, event_id, event, properties, occurred_at, place)),
       u AS (SELECT g.*, users.user_id FROM given g LEFT JOIN users ON users.external_id = g.uid),
       e AS (INSERT INTO events (user_id, event_id, event, properties, occurred_at) SELECT user_id, event_id, event, properties::jsonb, coalesce(occurred_at, now()) FROM u WHERE user_id IS NOT NULL ORDER BY user_id, event_id ON CONFLICT DO NOTHING)
     SELECT user_id IS NOT NULL AS known FROM u ORDER BY place`,
    [of(({ uid }) => uid), of(({ id: eventId = randomUUID() }) => eventId), of(({ event: name }) => name), of(({ properties = {} }) => JSON.stringify(properties)), of(({ timestamp = null }) => timestamp)],
  );
  return { results: rows.map(({ known }) => (known ? { status: 'ok' } : { error: 'not found' })) };
});

app.post('/login', { schema: { body: { type: 'object', required: ['username', 'password'], properties: { username: text, password: text } } } }, async ({ body }, reply) => {
  const { rows } = await run('login', 'SELECT user_id, password_hash FROM users WHERE email = $1', [body.username]);
  if (rows.length === 0 || !(await verify(rows[0].password_hash, body.password))) return reply.code(401).send({ error: 'unauthorized' });
  const refresh = randomBytes(32).toString('base64url');
  await run('session', 'INSERT INTO sessions (session_id, user_id, refresh_hash) VALUES ($1, $2, $3)', [randomUUID(), rows[0].user_id, createHash('sha256').update(refresh).digest()]);
  return { id: rows[0].user_id, access_token: token({ sub: rows[0].user_id, scope: ['read'], exp: Math.floor(Date.now() / 1_000) + 600 }), refresh };
});

const registerBody = { type: 'object', required: ['username', 'email', 'password'], properties: { username: id, email: { ...text, format: 'email' }, password: { ...text, minLength: 8 } } };
app.post('/register', { schema: { body: registerBody } }, async ({ body }, reply) => {
  const passwordHash = await hash(body.password, { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  const { rows } = await run('register', 'INSERT INTO users (user_id, external_id, email, password_hash) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING user_id', [randomUUID(), body.username, body.email, passwordHash]);
  return rows[0] ?? reply.code(409).send({ error: 'taken' });
});

const inviteBody = { type: 'object', required: ['email', 'role', 'org_id'], properties: { email: { ...text, format: 'email' }, role: { enum: ['member', 'org_admin'] }, org_id: { type: 'string', format: 'uuid' } } };
app.post('/invitations', { schema: { body: inviteBody } }, async ({ body }, reply) => {
  const invited = randomBytes(32).toString('base64url');
  // The person, the invitation (one that is pending gets the new token), and the mail that is to be sent.
  const { rows } = await run(
    'invite',
    `WITH p AS (INSERT INTO people (user_id, email) VALUES ($1, $2) ON CONFLICT (email) DO UPDATE SET email = excluded.email RETURNING user_id),
       i AS (INSERT INTO invitations (invitation_id, org_id, user_id, role, token_hash, expires_at) SELECT $3, $4, user_id, $5, $6, now() + interval '7 days' FROM p
         ON CONFLICT (org_id, user_id) DO UPDATE SET role = excluded.role, token_hash = excluded.token_hash, expires_at = excluded.expires_at RETURNING *),
       m AS (INSERT INTO mails (invitation_id) SELECT invitation_id FROM i)
     SELECT invitation_id, org_id, user_id, role, expires_at FROM i`,
    [randomUUID(), body.email, randomUUID(), body.org_id, body.role, createHash('sha256').update(invited).digest()],
  );
  return reply.code(201).send(rows[0]);
});

const membersQuery = { type: 'object', properties: { size: { type: 'integer', minimum: 1, maximum: 100, default: 50 }, after: { type: 'string', format: 'uuid' } } };
app.get('/teams/:id/members', { schema: { params: { type: 'object', properties: { id: { type: 'string', format: 'uuid' } } }, querystring: membersQuery } }, async (request) => {
  const { size, after = 'ffffffff-ffff-ffff-ffff-ffffffffffff' } = request.query;
  const { rows } = await run(
    'members',
    `SELECT m.user_id, m.role, m.created_at, p.email, p.first_name, p.last_name FROM team_members m JOIN people p USING (user_id) WHERE m.team_id = $1 AND m.user_id < $2 ORDER BY m.user_id DESC LIMIT $3`,
    [request.params.id, after, size],
  );
  return { members: rows, next: rows.length === size ? rows.at(-1).user_id : null };
});

await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
process.once('SIGTERM', () => void app.close().then(() => pool.end()));
