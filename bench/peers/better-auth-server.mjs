// better-auth as its documentation sets it up: admin and organization plugins, Postgres, behind Fastify. Passwords are hashed with the argon2id that the others use.
import { hash, verify } from '@node-rs/argon2';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { admin, organization } from 'better-auth/plugins';
import Fastify from 'fastify';
import pg from 'pg';

const baseURL = `http://127.0.0.1:${process.env.PORT}`;
const auth = betterAuth({
  baseURL,
  secret: 'a secret of the bench and of nothing else',
  database: new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 }),
  telemetry: { enabled: false },
  emailAndPassword: { enabled: true, password: { hash: (password) => hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 }), verify: ({ hash: stored, password }) => verify(stored, password) } },
  user: { additionalFields: { attributes: { type: 'json', required: false } } },
  // A session is read from its signed cookie.
  session: { cookieCache: { enabled: true, maxAge: 86_400 } },
  rateLimit: { enabled: true, window: 60, max: 1_000_000_000, customRules: Object.fromEntries(['/sign-in/*', '/sign-up/*'].map((path) => [path, { window: 60, max: 1_000_000_000 }])) },
  plugins: [admin(), organization({ membershipLimit: 1_000_000_000, invitationLimit: 1_000_000_000, sendInvitationEmail: async () => undefined })],
});
await (await getMigrations(auth.options)).runMigrations();

const app = Fastify();
app.get('/', () => ({}));
app.route({
  method: ['GET', 'POST'],
  url: '/api/auth/*',
  async handler(request, reply) {
    const answer = await auth.handler(
      new Request(new URL(request.url, baseURL), { method: request.method, headers: new Headers(request.headers), ...(request.body ? { body: JSON.stringify(request.body) } : {}) }),
    );
    reply.status(answer.status);
    answer.headers.forEach((value, key) => reply.header(key, value));
    return reply.send(answer.body === null ? null : await answer.text());
  },
});
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
process.once('SIGTERM', () => process.exit(0));
