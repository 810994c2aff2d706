import { beforeAll, describe, expect, it } from '@jest/globals';
import { identity } from '#libs/contracts';
import type { FailureValue } from '#libs/platform/errors';
import { failureOf, IdentityApp } from '../spec-support/identity-app.js';
import { Sweep } from '../upkeep/sweep.js';

describe('login throttling', () => {
  let app: IdentityApp;
  let replica: IdentityApp;
  const password = 'correct horse battery';
  let count = 0;

  beforeAll(async () => {
    app = await IdentityApp.start();
    replica = await IdentityApp.start({ databaseUrl: app.databaseUrl });
  });

  const newUser = async () => {
    const email = `user${(count += 1)}@example.com`;
    await app.user(email, password);
    return email;
  };
  const refusal = (name: string, word: string, address: string | null = null) => failureOf(app.call(identity.logIn, app.loginRequest(name, word, address)));
  const fail = async (name: string, times: number) => {
    const codes: string[] = [];
    for (let time = 0; time < times; time += 1) codes.push((await refusal(name, 'wrong horse battery')).code);
    return codes;
  };
  /** As if so much time had passed for everybody. */
  const pass = async (span: string) => {
    await app.database.execute('UPDATE login_throttles SET blocked_until = blocked_until - $1::interval, touched_at = touched_at - $1::interval', [span]);
    await app.database.execute('UPDATE address_throttles SET ends_at = ends_at - $1::interval', [span]);
  };

  it('holds a name back after 10 failures, for 1 s and then twice as long each time up to 15 min', async () => {
    const name = await newUser();
    expect(await fail(name, 10)).toEqual(Array(10).fill('invalid-credentials'));
    const waits: number[] = [];
    for (let time = 0; time < 13; time += 1) {
      const blocked = await refusal(name, 'wrong horse battery');
      expect(blocked).toEqual({ kind: 'too-many', code: 'too-many-attempts', message: 'There were too many failed logins: try again later.', retryAfter: expect.any(Number) });
      waits.push(blocked.retryAfter!);
      await pass(`${blocked.retryAfter!} seconds`);
      expect(await refusal(name, 'wrong horse battery')).toMatchObject({ code: 'invalid-credentials' });
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
  });

  it('is the same for names that nobody has', async () => {
    const answers: FailureValue[][] = [];
    for (const name of [await newUser(), 'nobody@example.com']) {
      const seen: FailureValue[] = [];
      for (let time = 0; time < 12; time += 1) seen.push(await refusal(name, 'wrong horse battery'));
      answers.push(seen);
    }
    expect(answers[1]).toEqual(answers[0]);
  });

  it('refuses the right password too, and counts all spellings of a name together', async () => {
    const name = await newUser();
    await fail(name, 5);
    await fail(` ${name.toUpperCase()}`, 5);
    expect(await refusal(name, password)).toMatchObject({ code: 'too-many-attempts', retryAfter: 1 });
    await pass('1 second');
    expect(await app.logIn(name, password)).toMatchObject({ refreshToken: expect.any(String) });
  });

  it('forgets the failures at a success, and after a day', async () => {
    const name = await newUser();
    for (let round = 0; round < 3; round += 1) {
      expect(await fail(name, 9)).toEqual(Array(9).fill('invalid-credentials'));
      await app.logIn(name, password);
    }
    await fail(name, 10);
    await pass('24 hours 1 second');
    expect(await fail(name, 9)).toEqual(Array(9).fill('invalid-credentials'));
    expect(await app.logIn(name, password)).toMatchObject({ userId: expect.any(String) });
  });

  it('leaves other names and other realms alone', async () => {
    const [name, other] = [await newUser(), await newUser()];
    await fail(name, 11);
    expect(await app.logIn(other, password)).toMatchObject({ userId: expect.any(String) });
    expect(await failureOf(app.call(identity.logIn, { ...app.loginRequest(name, password), realmId: '0197f3c2-8d5e-7a10-b3c4-5d6e7f809102' }))).toMatchObject({ code: 'invalid-credentials' });
  });

  it('lets no more than 10 of 500 wrong passwords at once through, on two replicas together', async () => {
    const name = await newUser();
    const began = Date.now();
    const failures = await Promise.all(Array.from({ length: 500 }, (_, index) => failureOf((index % 2 === 0 ? app : replica).call(identity.logIn, app.loginRequest(name, 'wrong horse battery')))));
    const evaluated = failures.filter(({ code }) => code === 'invalid-credentials').length;
    // One more for each second that it took, since the first block lasts one.
    expect(evaluated).toBeGreaterThanOrEqual(1);
    expect(evaluated).toBeLessThanOrEqual(10 + Math.floor((Date.now() - began) / 1_000));
    expect(failures.every(({ code }) => ['invalid-credentials', 'too-many-attempts'].includes(code))).toBe(true);
  });

  it('does not mistake many right logins at once for failures', async () => {
    const name = await newUser();
    // More than may fail, in both replicas, and no more: they wait for one another, and on a machine that is too busy not all have their turn in time.
    const logins = await Promise.allSettled(Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? app : replica).call(identity.logIn, app.loginRequest(name, password))));
    expect(logins.filter(({ status }) => status === 'rejected')).toEqual([]);
  });

  it('does not count a try whose password nobody could look at', async () => {
    const busy = await IdentityApp.start({ databaseUrl: app.databaseUrl, environment: { PASSWORD_HASH_QUEUE: '1', PASSWORD_HASH_MEMORY_KIB: '65536' } });
    const name = await newUser();
    const others = Array.from({ length: 40 }, (_, index) => failureOf(busy.call(identity.logIn, app.loginRequest(`busy${index}@example.com`, password))));
    const tries = Array.from({ length: 8 }, () => busy.call(identity.logIn, app.loginRequest(name, password)).catch(() => undefined));
    expect((await Promise.all(others)).some(({ code }) => code === 'hashing-overloaded')).toBe(true);
    await Promise.all(tries);
    const rows = await app.database.query('SELECT 1 FROM login_throttles WHERE in_flight > 0 AND touched_at > now() - interval \'5 seconds\'');
    expect(rows).toEqual([]);
    expect(await fail(name, 9)).toEqual(Array(9).fill('invalid-credentials'));
    expect(await app.logIn(name, password)).toMatchObject({ userId: expect.any(String) });
  });

  it('gets over a replica that died while it was checking passwords', async () => {
    const name = await newUser();
    await fail(name, 1);
    await app.database.execute(`UPDATE login_throttles SET in_flight = 10 WHERE failures = 1`);
    expect(await refusal(name, password)).toMatchObject({ code: 'too-many-attempts' });
    await pass('11 seconds');
    expect(await app.logIn(name, password)).toMatchObject({ userId: expect.any(String) });
  });

  it('refuses an address after 100 failures in an hour, whatever the names', async () => {
    const name = await newUser();
    const address = '192.0.2.1';
    for (let time = 0; time < 100; time += 1) expect(await refusal(`guess${time}@example.com`, password, address)).toMatchObject({ code: 'invalid-credentials' });
    const blocked = await refusal(name, password, address);
    expect(blocked).toMatchObject({ kind: 'too-many', code: 'too-many-attempts' });
    expect(blocked.retryAfter).toBeGreaterThan(3_500);
    expect(await app.call(identity.logIn, app.loginRequest(name, password, '192.0.2.2'))).toMatchObject({ userId: expect.any(String) });
    await pass('1 hour');
    expect(await app.call(identity.logIn, app.loginRequest(name, password, address))).toMatchObject({ userId: expect.any(String) });
  });

  it('evaluates no more of a burst from an address than may fail, and does not mistake right logins for failures', async () => {
    const limited = await IdentityApp.start({ databaseUrl: app.databaseUrl, environment: { LOGIN_FAILURES_PER_ADDRESS: '5' } });
    const names = await Promise.all(Array.from({ length: 15 }, newUser));
    const at = (address: string, name: string, word: string) => limited.call(identity.logIn, app.loginRequest(name, word, address));
    const codes = await Promise.all(Array.from({ length: 60 }, (_, index) => failureOf(at('192.0.2.3', `burst${index}@example.com`, password)).then(({ code }) => code)));
    expect(codes.filter((code) => code === 'invalid-credentials')).toHaveLength(5);
    expect(codes.filter((code) => code === 'too-many-attempts')).toHaveLength(55);
    const logins = await Promise.allSettled(names.map((name) => at('192.0.2.4', name, password)));
    expect(logins.filter(({ status }) => status === 'rejected')).toEqual([]);
  });

  it('leaves a line of each login that was refused, with neither name nor address, and not of others', async () => {
    const other = await IdentityApp.start({ databaseUrl: app.databaseUrl }); // which has refused nobody yet
    const name = 'user-in-no-log@example.com';
    await other.user(name, password);
    await other.logIn(name, password);
    for (const spelling of [name, name.toUpperCase()]) await failureOf(other.call(identity.logIn, other.loginRequest(spelling, 'wrong horse battery', '198.51.100.78')));
    const lines = other.log.records.filter(({ msg }) => msg === 'a login was refused') as unknown as Record<string, string>[];
    const key = expect.stringMatching(/^[0-9a-f]{16}$/);
    expect(lines).toMatchObject([{ level: 30, code: 'invalid-credentials', realmId: other.realmId, requestId: expect.any(String), nameKey: key }, { nameKey: lines[0]!['nameKey'], addressKey: key }]);
    expect(JSON.stringify(lines)).not.toMatch(/user-in|198\.51/i);
  });

  it('keeps neither names nor addresses, and nothing for longer than it counts', async () => {
    await refusal('canary@example.com', password, '198.51.100.77');
    const dump = async () => JSON.stringify(await app.database.query(`SELECT t::text FROM login_throttles t UNION ALL SELECT a::text FROM address_throttles a`));
    expect(await dump()).not.toMatch(/canary|198\.51/);
    await pass('24 hours 1 second');
    await app.app.get(Sweep, { strict: false }).execute();
    expect(await dump()).toBe('[]');
  });
});
