import { Program } from './program.mjs';
import { anyOf, inTeam, mixed, password, searched } from './workloads.mjs';

const administrator = { email: 'admin@example.com', name: 'Admin', password };

/** better-auth: see better-auth-server.mjs. It knows no events. */
export class BetterAuth extends Program {
  constructor(environment) {
    super('better-auth', 'better-auth-server.mjs', environment);
  }

  async fill(users, { passwordHash }) {
    await this.call('POST', '/api/auth/sign-up/email', administrator, { origin: this.url });
    await this.inDatabase(async (sql) => {
      await sql.query(`UPDATE "user" SET role = 'admin' WHERE email = $1`, [administrator.email]);
      await sql.query(
        `INSERT INTO "user" (id, name, email, "emailVerified", "createdAt", "updatedAt", role, attributes)
         SELECT 'user-' || n, 'First' || n * 7919 % 5003 || ' Last' || n * 104729 % 20011, 'user' || n || '@example.com', true, now() - n % 1000 * interval '1 day', now(), 'user',
           jsonb_build_object('plan', (ARRAY['free', 'basic', 'pro', 'team'])[1 + n % 4], 'age', 18 + n % 60, 'note', 'some text of usual length')
         FROM generate_series(1, $1::bigint) n`,
        [users],
      );
      await sql.query(
        `INSERT INTO account (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt") SELECT 'account-' || n, 'user-' || n, 'credential', 'user-' || n, $2, now(), now() FROM generate_series(1, $1::bigint) n`,
        [users, passwordHash],
      );
      await sql.query(`INSERT INTO organization (id, name, slug, "createdAt") VALUES ('bench', 'Bench', 'bench', now())`);
      await sql.query(`INSERT INTO member (id, "organizationId", "userId", role, "createdAt") SELECT 'admin', 'bench', id, 'owner', now() FROM "user" WHERE email = $1`, [administrator.email]);
      await sql.query(`INSERT INTO member (id, "organizationId", "userId", role, "createdAt") SELECT 'member-' || n, 'bench', 'user-' || n, 'member', now() FROM generate_series(1, $1::bigint) n`, [inTeam(users)]);
      // What it searches and sorts by.
      await sql.query('CREATE INDEX user_name_trgm_idx ON "user" USING gin (name gin_trgm_ops)');
      await sql.query('CREATE INDEX user_name_idx ON "user" (name)');
      await sql.query('VACUUM ANALYZE');
    });
  }

  async requests(load, { users, run }) {
    const { headers: answered } = await this.call('POST', '/api/auth/sign-in/email', { email: administrator.email, password }, { origin: this.url });
    const headers = { cookie: answered.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; '), origin: this.url };
    const post = (path, body) => load.encode('POST', `/api/auth${path}`, { headers, body: JSON.stringify(body) });
    const attributes = (n) => ({ plan: 'team', age: n % 60, seen: n });
    const single = {
      get: (n) => load.encode('GET', `/api/auth/admin/get-user?id=user-${anyOf(n, users)}`, { headers }),
      list: (n) => load.encode('GET', `/api/auth/admin/list-users?searchField=name&searchOperator=contains&searchValue=${searched(n, users).replace('l', 'L')}&sortBy=name&limit=50`, { headers }),
      // It has no upsert: every other one is created, every other one changed.
      upsert: (n) =>
        n % 2 === 0
          ? post('/admin/create-user', { email: `${run}-${n}@example.com`, name: `First${n} Last${n % 20_011}`, data: { attributes: { plan: 'pro', age: n % 60 } } })
          : post('/admin/update-user', { userId: `user-${anyOf(n, users)}`, data: { name: `First${n} Last${n % 20_011}`, attributes: { plan: 'pro', age: n % 60 } } }),
      update: (n) => post('/admin/update-user', { userId: `user-${anyOf(n, users)}`, data: { attributes: attributes(n) } }),
      login: (n) => load.encode('POST', '/api/auth/sign-in/email', { headers: { origin: this.url }, body: JSON.stringify({ email: `user${anyOf(n, users)}@example.com`, password }) }),
      register: (n) => load.encode('POST', '/api/auth/sign-up/email', { headers: { origin: this.url }, body: JSON.stringify({ email: `${run}-${n}@register.example`, name: `First${n} Last${n % 20_011}`, password }) }),
      invite: (n) => post('/organization/invite-member', { email: `${run}-${n}@example.com`, role: 'member', organizationId: 'bench' }),
      members: () => load.encode('GET', '/api/auth/organization/list-members?organizationId=bench&limit=50', { headers }),
    };
    return { ...single, mixed: mixed(single) };
  }

  checks = {
    get: ({ email }) => email?.includes('@'),
    list: ({ users, total }) => users?.length === 50 && total >= 50,
    upsert: ({ user, id }) => user !== undefined || id !== undefined,
    update: ({ id }) => id !== undefined,
    login: ({ token }) => token !== undefined,
    register: ({ user }) => user?.id !== undefined,
    invite: ({ id }) => id !== undefined,
    members: ({ members }) => members?.length === 50,
  };
}
