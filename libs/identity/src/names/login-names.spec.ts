import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { identity, staffRealmId, systemActor } from '#libs/contracts';
import { CreateLoginNames1795316800047 } from '../database/migrations/1795316800047-create-login-names.js';
import { LookUpLoginNamesByKey1795316800180 } from '../database/migrations/1795316800180-look-up-login-names-by-key.js';
import { IdentityApp } from '../spec-support/identity-app.js';
import { Mailbox } from '../spec-support/mailbox.js';
import { MembershipStandIn } from '../spec-support/membership-stand-in.js';

const password = 'correct horse battery';
/** A hash as others make it, of nobody knows what. */
const bcrypt = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';

describe('a name that logs somebody in', () => {
  let app: IdentityApp;
  let count = 0;
  beforeAll(async () => {
    app = await IdentityApp.start({ providers: [MembershipStandIn] });
  });

  const newAddress = () => `Name${(count += 1)}@Example.com`;
  const registration = (userName: string | null, email: string | null) => ({ realmId: app.realmId, userId: randomUUID(), userName, password, isActive: true, roles: [], profile: { email }, grantor: { actor: systemActor, permissions: [] } });
  const register = async (userName: string | null, email: string | null) => (await app.call(identity.registerUser, registration(userName, email))).userId;
  const codeOf = async (call: Promise<unknown>) => call.then(() => 'ok', (error: { value?: { code: string } }) => error.value?.code ?? error);
  const names = async (userId: string) => (await app.database.query<{ name: string }>('SELECT name FROM login_names WHERE realm_id = $1 AND user_id = $2 ORDER BY name', [app.realmId, userId])).map(({ name }) => name);
  const changeNames = (userId: string, change: { userName?: string | null; email?: string | null }) => app.call(identity.changeLoginNames, { realmId: app.realmId, userId, ...change, actor: systemActor });

  describe('by their email', () => {
    let owned: string;
    beforeAll(async () => {
      owned = newAddress();
      await app.user(owned, password);
    });

    it.each<[string, () => Promise<unknown>]>([
      ['registering', () => register(owned.toUpperCase(), null)],
      ['changing it', async () => changeNames(await register(null, newAddress()), { userName: owned })],
      ['changing it, for who had no login', async () => changeNames(app.contact(null), { userName: owned })],
    ])('is nobody else’s user name, by %s', async (_, way) => {
      expect(await codeOf(way())).toBe('user-name-taken');
    });

    it('is nobody else’s user name by an import', async () => {
      const { results } = await app.call(identity.importCredentials, { realmId: app.realmId, firebase: null, actor: systemActor, users: [{ user: { userId: app.contact(newAddress()) }, userName: owned, hash: bcrypt }, { user: { userId: app.contact(newAddress()) }, hash: bcrypt }] });
      expect(results.map(({ status, error }) => [status, error?.code])).toEqual([['failed', 'user-name-taken'], ['imported', undefined]]);
    });

    it('may be their own user name, which stays theirs when the email changes', async () => {
      const address = newAddress();
      const userId = await register(address, address);
      expect(await names(userId)).toEqual([address.toLowerCase()]);
      const next = newAddress();
      await changeNames(userId, { email: next });
      expect(await names(userId)).toEqual([address, next].map((name) => name.toLowerCase()).sort());
      expect(await codeOf(register(null, address))).toBe('email-taken');
      for (const name of [address, next]) expect(await app.logIn(name, password)).toMatchObject({ userId });
    });
  });

  describe('by their user name', () => {
    let owned: string;
    beforeAll(async () => {
      owned = newAddress();
      await register(owned, null);
    });

    it.each<[string, () => Promise<unknown>]>([
      ['registering', () => register(null, owned)],
      ['a password for who has it as contact email', () => app.setPassword(app.contact(owned), password)],
      ['a change of the contact email', async () => app.call(identity.changeLoginEmail, { realmId: app.realmId, userId: await app.user(newAddress(), password), email: owned.toLowerCase() })],
      ['changing it', async () => changeNames(await app.user(newAddress(), password), { email: owned })],
    ])('is nobody else’s login email, by %s', async (_, way) => {
      expect(await codeOf(way())).toBe('email-taken');
    });

    it('is nobody else’s login email by an import', async () => {
      const { results } = await app.call(identity.importCredentials, { realmId: app.realmId, firebase: null, actor: systemActor, users: [{ user: { externalId: `x${(count += 1)}` }, email: owned, hash: bcrypt }] });
      expect(results).toMatchObject([{ status: 'failed', error: { code: 'email-taken' } }]);
    });

    it('gets no mail when another wants it as their email, and is not theirs when it was taken while the mail was read', async () => {
      const mailbox = new Mailbox(app);
      const userId = await app.user(newAddress(), password);
      const change = (email: string) => app.call(identity.changeOwnEmail, { realmId: app.realmId, userId, email, password });
      await mailbox.fresh();
      await change(owned);
      expect((await mailbox.fresh()).map((mail) => mail?.content.template)).toEqual([undefined, 'email-change-notice']);
      const free = newAddress();
      await change(free);
      const { token } = await mailbox.link();
      await register(free, null);
      expect(await codeOf(app.call(identity.confirmEmail, { token }))).toBe('email-taken');
    });

    it('is nobody’s address in the realm of staff either', async () => {
      const address = newAddress();
      await app.database.execute(`INSERT INTO logins (realm_id, user_id, status, user_name, user_name_canonical) VALUES ($1, $2, 'active', $3, $3)`, [staffRealmId, randomUUID(), address.toLowerCase()]);
      expect(await codeOf(app.call(identity.claimLoginEmail, { realmId: staffRealmId, newUserId: randomUUID(), email: address }))).toBe('email-taken');
    });
  });

  it('is one user’s, however many register and import it at once, as user name and as email', async () => {
    const name = newAddress();
    const tries = Array.from({ length: 24 }, (_, index) => {
      if (index % 3 === 0) return codeOf(register(name, null));
      if (index % 3 === 1) return codeOf(register(null, name));
      return app.call(identity.importCredentials, { realmId: app.realmId, firebase: null, actor: systemActor, users: [{ user: { externalId: `once${index}` }, ...(index % 2 === 0 ? { email: name } : { userName: name, email: newAddress() }), hash: bcrypt }] }).then(({ results: [result] }) => result!.error?.code ?? 'ok');
    });
    const codes = await Promise.all(tries);
    expect(codes.filter((code) => code === 'ok')).toHaveLength(1);
    expect(codes.filter((code) => code !== 'ok' && code !== 'user-name-taken' && code !== 'email-taken' && code !== 'service-unavailable')).toEqual([]);
    expect(await app.database.query('SELECT 1 FROM logins WHERE realm_id = $1 AND $2 IN (user_name_canonical, login_email_canonical)', [app.realmId, name.toLowerCase()])).toHaveLength(1);
  });

  it('is free again when its user changes it, is hidden or erased, and when a registration comes to nothing', async () => {
    const [first, second, third] = [newAddress(), newAddress(), newAddress()];
    const userId = await register(first, second);
    await changeNames(userId, { userName: third });
    expect(await codeOf(register(null, first))).toBe('ok');
    await app.call(identity.hideLogins, { realmId: app.realmId, userIds: [userId] });
    expect([await names(userId), await codeOf(register(second, third))]).toEqual([[], 'ok']);
    const fourth = newAddress();
    const refused = { ...registration(fourth, null), roles: ['nobody knows'] };
    expect(await codeOf(app.call(identity.registerUser, refused))).toBe('role-unknown');
    expect(await codeOf(register(null, fourth))).toBe('ok');
    const erased = await register(null, newAddress());
    expect((await app.call(identity.eraseLogins, { realmId: app.realmId, userIds: [erased] })).erased).toMatchObject({ login_names: 1, logins: 1 });
    expect(await names(erased)).toEqual([]);
  });

  it('is the email’s owner’s where it was two users’ before, who may change what else they log in with', async () => {
    const shared = newAddress();
    const owner = await app.user(shared, 'the password of the owner');
    const other = await register(newAddress(), null);
    const runner = app.database.manager.dataSource.createQueryRunner();
    const migration = new CreateLoginNames1795316800047();
    try {
      await migration.down(runner);
      await runner.query('UPDATE logins SET user_name = $2, user_name_canonical = lower($2) WHERE user_id = $1', [other, shared]);
      await migration.up(runner);
      await new LookUpLoginNamesByKey1795316800180().up(runner);
    } finally {
      await runner.release();
    }
    expect(await app.logIn(shared, 'the password of the owner')).toMatchObject({ userId: owner });
    expect([await names(owner), await names(other)]).toEqual([[shared.toLowerCase()], []]);
    const email = newAddress();
    await changeNames(other, { email });
    expect(await app.logIn(email, password)).toMatchObject({ userId: other });
    expect(await codeOf(changeNames(other, { userName: newAddress() }))).toBe('ok');
    expect(await codeOf(changeNames(other, { userName: shared }))).toBe('user-name-taken');
  });

  it('is looked up by its key, whatever the planner makes of the table', async () => {
    const realmId = randomUUID();
    await app.database.execute(`INSERT INTO login_names (realm_id, name, user_id) SELECT $1, 'name ' || n, gen_random_uuid() FROM generate_series(1, 5000) n`, [realmId]);
    await app.database.query('ANALYZE login_names');
    const wholeScans = await app.database.withTransaction(async (tx) => {
      const count = async () => (await tx.query<{ scans: number }>(`SELECT seq_scan AS scans FROM pg_stat_xact_user_tables WHERE relname = 'login_names'`))[0]!.scans;
      const before = await count();
      await tx.query('SET LOCAL plan_cache_mode = force_generic_plan');
      await tx.execute(`INSERT INTO logins (realm_id, user_id, status, login_email, login_email_canonical, user_name, user_name_canonical) VALUES ($1, gen_random_uuid(), 'active', 'a@example.com', 'a@example.com', 'a', 'a')`, [realmId]);
      return (await count()) - before;
    });
    expect(wholeScans).toBe(0);
  });
});
