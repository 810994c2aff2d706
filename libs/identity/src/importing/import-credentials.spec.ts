import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { identity, systemActor } from '#libs/contracts';
import { platformErrors } from '#libs/platform/errors';
import { FinishRegistrations } from '../registration/finish-registrations.js';
import { failureOf, IdentityApp } from '../spec-support/identity-app.js';
import { firebase, foreignHashes } from '../spec-support/foreign-hashes.js';

interface Item {
  externalId?: string;
  userId?: string;
  email?: string;
  userName?: string;
  hash: identity.ImportedHash;
  isActive?: boolean | undefined;
  createdAt?: string;
  lastLoginAt?: string;
}

describe('importing users with their hashes', () => {
  let app: IdentityApp;
  const password = 'correct horse battery';
  let count = 0;

  beforeAll(async () => {
    app = await IdentityApp.start({ environment: { LOGIN_FAILURES_PER_NAME: '1000' } });
  });

  const unique = () => `imported${(count += 1)}`;
  const importAll = async (items: Item[]) =>
    (await app.call(identity.importCredentials, { realmId: app.realmId, firebase, actor: systemActor, users: items.map(({ externalId, userId, ...item }) => ({ user: userId === undefined ? { externalId: externalId ?? unique() } : { userId }, ...item })) })).results;
  const importOne = async (item: Item) => (await importAll([item]))[0]!;
  const hashOf = async (userId: string) => (await app.database.query<{ hash: string | null }>('SELECT password_hash AS hash FROM logins WHERE user_id = $1', [userId]))[0]?.hash;
  const pending = () => app.database.query(`SELECT user_id FROM logins WHERE status = 'pending'`);
  const refusal = (name: string, word: string) => failureOf(app.logIn(name, word));
  const bcrypt = foreignHashes['bcrypt 2b']!;

  it.each(Object.entries(foreignHashes))('%s: five log in, each with their own password, and are argon2id afterwards', async (_format, hash) => {
    const passwords = Array.from({ length: 5 }, (_, number) => `${password} ${number} ß`);
    const names = passwords.map(unique);
    const results = await importAll(passwords.map((word, place) => ({ email: `${names[place]}@example.com`, hash: hash(word), createdAt: '2019-05-06T07:08:09.000Z', lastLoginAt: '2025-01-02T03:04:05.000Z' })));
    for (const [place, word] of passwords.entries()) {
      const { status, userId } = results[place]!;
      expect(status).toBe('imported');
      expect(app.profiles.createdAt.get(userId!)).toBe('2019-05-06T07:08:09.000Z');
      const [login] = await app.database.query('SELECT last_login_at AS last FROM logins WHERE user_id = $1', [userId]);
      expect(login).toEqual({ last: '2025-01-02T03:04:05.000Z' });
      const name = `${names[place]}@example.com`;
      expect(await refusal(name, passwords[(place + 1) % 5]!)).toMatchObject({ code: 'invalid-credentials' });
      expect(await app.logIn(name, word)).toMatchObject({ userId });
      expect(await hashOf(userId!)).toMatch(/^\$argon2id\$v=19\$m=1024,t=1,p=1\$/);
      expect(await app.logIn(name, word)).toMatchObject({ userId });
      expect(await refusal(name, passwords[(place + 1) % 5]!)).toMatchObject({ code: 'invalid-credentials' });
    }
  });

  it.each<[string, string, identity.ImportedHash]>([
    ['Firebase’s own sample', 'user1password', { algorithm: 'firebase-scrypt', salt: '42xEC+ixf3L2lw==', hash: 'lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==', encoding: 'base64' }],
    ['Openwall’s bcrypt 2a', 'U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
    ['scrypt of RFC 7914', 'pleaseletmein', { algorithm: 'scrypt', n: 16_384, r: 8, p: 1, salt: Buffer.from('SodiumChloride').toString('hex'), hash: '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887', encoding: 'hex' }],
    ['PBKDF2-SHA1 of RFC 6070', 'passwordPASSWORDpassword', { algorithm: 'pbkdf2-sha1', iterations: 4_096, salt: Buffer.from('saltSALTsaltSALTsaltSALTsaltSALTsalt').toString('hex'), hash: '3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038', encoding: 'hex' }],
  ])('%s logs in', async (_what, word, hash) => {
    const email = `${unique()}@example.com`;
    const { userId } = await importOne({ email, hash });
    expect(await refusal(email, `${word}x`)).toMatchObject({ code: 'invalid-credentials' });
    expect(await app.logIn(email, word)).toMatchObject({ userId });
  });

  it('keeps a format from verifying what another wrote, and a stored hash from being a password', async () => {
    for (const make of Object.values(foreignHashes)) {
      const email = `${unique()}@example.com`;
      const { userId } = await importOne({ email, hash: make(password) });
      const stored = (await hashOf(userId!))!;
      const pieces = [stored, stored.split('$').at(-1)!, stored.slice(stored.indexOf('$argon2id'))];
      for (const piece of [...pieces, ...pieces.map((one) => Buffer.from(one, 'base64').toString('hex'))]) {
        if (piece !== '') expect(await refusal(email, piece)).toMatchObject({ code: 'invalid-credentials' });
      }
    }
    // The digest that is inside an argon2id is the password of that argon2id, and of nobody.
    const email = `${unique()}@example.com`;
    const hash = foreignHashes['salted SHA-256']!(password);
    await importOne({ email, hash });
    expect(await refusal(email, (hash as { hash: string }).hash)).toMatchObject({ code: 'invalid-credentials' });
  });

  it('never stores a quick digest, nor a signer key, as it came', async () => {
    const digest = foreignHashes['salted SHA-512']!(password) as { hash: string };
    const { userId } = await importOne({ email: `${unique()}@example.com`, hash: digest as identity.ImportedHash });
    const { userId: ofFirebase } = await importOne({ email: `${unique()}@example.com`, hash: foreignHashes['scrypt (Firebase)']!(password) });
    expect(await hashOf(userId!)).toMatch(/^\$sha512-in-argon2id\$/);
    const text = (await hashOf(userId!))! + (await hashOf(ofFirebase!))!;
    for (const secret of [digest.hash, Buffer.from(digest.hash, 'hex').toString('base64').slice(0, 40), firebase.signerKey.slice(0, 40)]) expect(text).not.toContain(secret);
  });

  it('takes a password as it was typed where it was hashed, composed or not', async () => {
    const [composed, decomposed] = ['Zoë’s pass word', 'Zoe\u0308’s pass word'];
    for (const [format, make] of Object.entries(foreignHashes)) {
      if (format.startsWith('scrypt')) continue; // the same as the others, and slow
      const email = `${unique()}@example.com`;
      await importOne({ email, hash: make(decomposed) });
      expect([format, (await app.logIn(email, decomposed)).userId]).toEqual([format, expect.any(String)]);
      // From now on it does not matter any more, unless the hash was as strong as ours and stays.
      expect((await app.logIn(email, decomposed)).userId).toEqual(expect.any(String));
      expect((await app.logIn(email, composed)).userId).toEqual(expect.any(String));
    }
  });

  it('makes users who are not there, finds those who are, and names them by user name too', async () => {
    const userId = app.contact(`${unique()}@example.com`);
    const [made, present] = await importAll([{ externalId: 'made', userName: 'Made Here', hash: bcrypt(password) }, { userId, hash: bcrypt(password), userName: 'present' }]);
    expect([made!.status, present]).toEqual(['imported', { status: 'imported', userId, error: null }]);
    expect(await app.logIn('made here', password)).toMatchObject({ userId: made!.userId });
    expect(await app.logIn('present', password)).toMatchObject({ userId });
    expect(await app.logIn(app.profiles.emails.get(userId)!, password)).toMatchObject({ userId });
    expect(app.profiles.pushed.find((state) => state.userId === made!.userId)).toMatchObject({ userName: 'Made Here', canLogIn: true, isActive: true });
    const events = await app.database.query(`SELECT data FROM outbox WHERE data->>'userId' = $1`, [made!.userId]);
    expect(events).toEqual([{ data: { realmId: app.realmId, userId: made!.userId, version: 1, facts: ['login_email', 'user_name', 'password', 'status'] } }]);
  });

  it('keeps inactive users inactive', async () => {
    const email = `${unique()}@example.com`;
    await importOne({ email, hash: bcrypt(password), isActive: false });
    expect(await refusal(email, password)).toMatchObject({ code: 'user-inactive' });
  });

  it.each<[string, boolean | undefined, string]>([
    ['leaves an account that was closed as it is', undefined, 'user-inactive'],
    ['opens an account that was closed where it says so', true, 'none'],
    ['closes an account where it says so', false, 'user-inactive'],
  ])('%s', async (_what, isActive, code) => {
    const email = `${unique()}@example.com`;
    const userId = app.contact(email);
    await app.call(identity.setUserStatus, { realmId: app.realmId, userId, isActive: false, actor: systemActor });
    if (isActive === false) await app.call(identity.setUserStatus, { realmId: app.realmId, userId, isActive: true, actor: systemActor });
    expect(await importOne({ userId, isActive, hash: bcrypt(password) })).toMatchObject({ status: 'imported' });
    const outcome = await app.logIn(email, password).then(() => ({ code: 'none' }), () => refusal(email, password));
    expect(outcome).toMatchObject({ code });
  });

  it('sent again, changes nothing: not the password, not the email, not the hash that was made anew', async () => {
    const [externalId, email] = [unique(), `${unique()}@example.com`];
    const first = await importOne({ externalId, email, hash: bcrypt(password) });
    await app.logIn(email, password);
    const hash = await hashOf(first.userId!);
    const again = await importAll([{ externalId, email: `${unique()}@example.com`, hash: bcrypt('another password') }, { userId: first.userId!, hash: bcrypt('another password') }]);
    for (const result of again) expect(result).toEqual({ status: 'skipped', userId: first.userId, error: null });
    expect(await hashOf(first.userId!)).toBe(hash);
    expect(app.profiles.emails.get(first.userId!)).toBe(email);
  });

  it('twice at once in one request, is done once', async () => {
    const userId = app.contact(`${unique()}@example.com`);
    const results = await importAll(Array.from({ length: 8 }, () => ({ userId, hash: bcrypt(password) })));
    expect(results.map(({ status }) => status).sort()).toEqual(['imported', ...Array<string>(7).fill('skipped')]);
  });

  it('says of each what is wrong with it, and takes the others', async () => {
    const taken = `${unique()}@example.com`;
    await app.user(taken, password);
    await importOne({ userName: 'Taken', hash: bcrypt(password) });
    const results = await importAll([
      { email: `${unique()}@example.com`, hash: bcrypt(password) },
      { email: taken.toUpperCase(), hash: bcrypt(password) },
      { userName: 'TAKEN', hash: bcrypt(password) },
      { hash: bcrypt(password) },
      { userId: randomUUID(), hash: bcrypt(password) },
      { email: `${unique()}@example.com`, hash: 'hunter2' },
      { email: `${unique()}@example.com`, hash: bcrypt(password) },
    ]);
    expect(results.map(({ status, error }) => error?.code ?? status)).toEqual(['imported', 'email-taken', 'user-name-taken', 'email-missing', 'user-not-found', 'hash-refused', 'imported']);
  });

  it('makes no user of somebody whose names are taken, by others or by somebody before them in the list', async () => {
    const taken = `${unique()}@example.com`;
    await app.user(taken, password);
    const before = app.profiles.emails.size;
    const results = await importAll([
      { externalId: 'refused-1', email: taken, hash: bcrypt(password) },
      { externalId: 'refused-2', email: 'twice@example.com', hash: bcrypt(password) },
      { externalId: 'refused-3', email: 'Twice@example.com', hash: bcrypt(password) },
      { externalId: 'refused-4', userName: 'twice', email: 'other@example.com', hash: bcrypt(password) },
      { externalId: 'refused-5', userName: 'TWICE', hash: bcrypt(password) },
    ]);
    expect(results.map(({ status, error, userId }) => [error?.code ?? status, userId === null])).toEqual([['email-taken', true], ['imported', false], ['email-taken', true], ['imported', false], ['user-name-taken', true]]);
    expect(app.profiles.emails.size).toBe(before + 2);
    expect(await pending()).toEqual([]);
  });

  it('of the same external id, takes the first that can be taken', async () => {
    const taken = `${unique()}@example.com`;
    await app.user(taken, password);
    const externalId = unique();
    const results = await importAll([{ externalId, email: taken, hash: bcrypt(password) }, { externalId, email: `${unique()}@example.com`, hash: bcrypt(password) }, { externalId, email: `${unique()}@example.com`, hash: bcrypt(password) }]);
    expect(results.map(({ status, error }) => error?.code ?? status)).toEqual(['email-taken', 'imported', 'skipped']);
    expect(results[2]!.userId).toBe(results[1]!.userId);
  });

  it('among many who are there, refuses whom another request takes the email from in the middle, and takes the others', async () => {
    const users = Array.from({ length: 6 }, () => app.contact(`${unique()}@example.com`));
    const [loser] = users;
    app.profiles.meanwhile = async (userId) => {
      if (userId === loser) await app.call(identity.claimLoginEmail, { realmId: app.realmId, email: app.profiles.emails.get(loser)!, newUserId: randomUUID() });
    };
    const results = await importAll(users.map((userId) => ({ userId, hash: bcrypt(password) })));
    app.profiles.meanwhile = async () => undefined;
    expect(results.map(({ status, error }) => error?.code ?? status)).toEqual(['email-taken', ...Array<string>(5).fill('imported')]);
    expect(await pending()).toEqual([]);
  });

  it('is done once, whoever else sends the same at the same time', async () => {
    const items = Array.from({ length: 40 }, () => ({ externalId: unique(), email: `${unique()}@example.com`, hash: bcrypt(password) }));
    const all = (await Promise.all([importAll(items), importAll([...items].reverse()), importAll(items)])).flat();
    expect(all.filter(({ status }) => status === 'imported')).toHaveLength(40);
    const again = await importAll(items);
    expect(again.map(({ status }) => status)).toEqual(Array(40).fill('skipped'));
    expect(await app.database.query('SELECT count(*)::int AS count FROM logins WHERE user_id = ANY ($1)', [again.map(({ userId }) => userId)])).toEqual([{ count: 40 }]);
    expect(await pending()).toEqual([]);
  });

  it('says so of everybody where profiles can’t be asked who they are', async () => {
    app.profiles.beforeFinding = async () => {
      throw platformErrors.failure('service-unavailable', 'Away.', { retryAfter: 1 });
    };
    const results = await importAll([{ email: `${unique()}@example.com`, hash: bcrypt(password) }, { userId: app.contact(`${unique()}@example.com`), hash: bcrypt(password) }]);
    app.profiles.beforeFinding = async () => undefined;
    expect(results).toEqual(Array(2).fill({ status: 'failed', userId: null, error: { code: 'service-unavailable', message: 'Away.' } }));
  });

  it('that is broken off leaves nobody half made: who has a profile can log in, the names of the others are free', async () => {
    const [made, unmade, present] = [unique(), unique(), app.contact(`${unique()}@example.com`)];
    app.profiles.beforeWriting = async () => {
      if ([...app.profiles.externalIds.values()].includes(made)) throw platformErrors.failure('service-unavailable', 'Away.', { retryAfter: 1 });
    };
    const items = [{ externalId: made, email: `${made}@example.com`, userName: made, isActive: false, lastLoginAt: '2025-01-02T03:04:05.000Z', hash: bcrypt(password) }, { externalId: unmade, email: `${unmade}@example.com`, hash: bcrypt(password) }, { userId: present, hash: bcrypt(password) }];
    expect((await importAll(items)).map(({ error }) => error?.code)).toEqual(Array(3).fill('service-unavailable'));
    app.profiles.beforeWriting = async () => undefined;
    // Sent again at once: what the first time left is still being looked after.
    expect((await importAll(items.slice(0, 2))).map(({ error }) => error?.code)).toEqual(['service-unavailable', 'service-unavailable']);
    await app.database.execute(`UPDATE logins SET reserved_at = reserved_at - interval '31 seconds' WHERE status = 'pending'`);
    await app.app.get(FinishRegistrations, { strict: false }).execute();
    expect(await pending()).toEqual([]);
    const again = await importAll(items);
    expect(again.map(({ status }) => status)).toEqual(['skipped', 'imported', 'imported']);
    expect(await refusal(made, password)).toMatchObject({ code: 'user-inactive' });
    expect(await app.database.query('SELECT last_login_at AS last FROM logins WHERE user_id = $1', [again[0]!.userId])).toEqual([{ last: '2025-01-02T03:04:05.000Z' }]);
  });
});
