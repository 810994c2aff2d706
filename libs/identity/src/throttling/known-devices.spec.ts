import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { identity } from '#libs/contracts';
import { IdentityApp } from '../spec-support/identity-app.js';
import { KnownDevices } from './known-devices.js';

describe('a device on which a user has logged in before', () => {
  let app: IdentityApp;
  const password = 'correct horse battery';
  let count = 0;

  beforeAll(async () => {
    app = await IdentityApp.start();
  });

  const newUser = async () => {
    const email = `user${(count += 1)}@example.com`;
    return { email, userId: await app.user(email, password) };
  };
  const attempt = (name: string, word: string, deviceToken: string | null, address: string | null = null) =>
    app.call(identity.logIn, { ...app.loginRequest(name, word, address), deviceToken }).then(
      () => 'in',
      (error: { value: { code: string } }) => error.value.code,
    );
  const fail = async (name: string, times: number, deviceToken: string | null = null) => {
    const codes = new Set<string>();
    for (let time = 0; time < times; time += 1) codes.add(await attempt(name, 'wrong horse battery', deviceToken));
    return [...codes];
  };
  /** The block lasts for a second, which is not long on a busy machine. */
  const hold = () => app.database.execute(`UPDATE login_throttles SET blocked_until = now() + interval '1 hour' WHERE failures >= 10`);
  const throttles = async (userId: string) => (await app.database.query<{ count: number }>('SELECT count(*) AS count FROM login_throttles WHERE user_id = $1', [userId]))[0]!.count;

  it('lets its user in while strangers flood the name', async () => {
    const { email, userId } = await newUser();
    const { deviceToken } = await app.logIn(email, password);
    const flood = Array.from({ length: 60 }, () => attempt(email, 'wrong horse battery', null));
    expect(await app.logIn(email, password, { deviceToken })).toMatchObject({ userId });
    await Promise.all(flood);
    await hold();
    expect(await attempt(email, password, null)).toBe('too-many-attempts');
    expect(await app.logIn(email, password, { deviceToken })).toMatchObject({ userId });
    expect(await attempt(email, password, null)).toBe('too-many-attempts');
  });

  it('has failures of its own to use up, and is held back by them alone', async () => {
    const { email } = await newUser();
    const { deviceToken } = await app.logIn(email, password);
    expect(await fail(email, 10, deviceToken)).toEqual(['invalid-credentials']);
    await hold();
    expect(await attempt(email, password, deviceToken)).toBe('too-many-attempts');
    expect(await attempt(email, password, null)).toBe('in');
  });

  it('keeps its counter when its token is renewed', async () => {
    const { email } = await newUser();
    const { deviceToken: first } = await app.logIn(email, password);
    const { deviceToken: second } = await app.logIn(email, password, { deviceToken: first });
    await fail(email, 5, first);
    await fail(email, 5, second);
    await hold();
    expect([await attempt(email, password, first), await attempt(email, password, second)]).toEqual(['too-many-attempts', 'too-many-attempts']);
  });

  it('is nobody for another user, in another realm, or when its token was changed in any place', async () => {
    const [{ email, userId }, { email: other }] = [await newUser(), await newUser()];
    const { deviceToken } = await app.logIn(other, password);
    const { deviceToken: own } = await app.logIn(email, password);
    await fail(email, 10);
    await hold();
    const changed = Array.from(own, (character, place) => own.slice(0, place) + (character === 'A' ? 'B' : 'A') + own.slice(place + 1));
    const devices = app.app.get(KnownDevices, { strict: false });
    expect(devices.recognise(own, { realmId: app.realmId, userId })).not.toBeNull();
    for (const forged of changed) expect(devices.recognise(forged, { realmId: app.realmId, userId })).toBeNull();
    for (const token of [deviceToken, devices.issue(null, { realmId: randomUUID(), userId }), changed[20]!, own.slice(1), `${own}x`, 'nonsense', '..', '']) expect(await attempt(email, password, token)).toBe('too-many-attempts');
    expect(await attempt(email, password, own)).toBe('in');
  });

  it('is shared by several people, each with a mark of their own, the last five of them', async () => {
    const users = await Promise.all(Array.from({ length: 6 }, newUser));
    let shared: string | null = null;
    for (const { email } of users) shared = (await app.logIn(email, password, { deviceToken: shared })).deviceToken;
    expect(shared!.length).toBeLessThanOrEqual(512);
    for (const { email } of users) await fail(email, 10);
    await hold();
    const answers: string[] = [];
    for (const { email } of users) answers.push(await attempt(email, password, shared));
    expect(answers).toEqual(['too-many-attempts', 'in', 'in', 'in', 'in', 'in']);
  });

  it('gets past the block of an address that it shares with somebody who guesses', async () => {
    const { email, userId } = await newUser();
    const { deviceToken } = await app.logIn(email, password);
    await app.database.execute(`UPDATE address_throttles SET failures = 1000`);
    expect(await attempt('guess@example.com', password, null, '203.0.113.9')).toBe('invalid-credentials');
    await app.database.execute(`UPDATE address_throttles SET failures = 1000`);
    expect(await attempt(email, password, null, '203.0.113.9')).toBe('too-many-attempts');
    expect(await app.logIn(email, password, { deviceToken, address: '203.0.113.9' })).toMatchObject({ userId });
  });

  it('is forgotten after a year', async () => {
    const { userId } = await newUser();
    const short = await IdentityApp.start({ databaseUrl: app.databaseUrl, environment: { KNOWN_DEVICE_TTL: '1h' } });
    const [devices, shortLived] = [app, short].map((one) => one.app.get(KnownDevices, { strict: false }));
    const old = jest.spyOn(Date, 'now').mockReturnValue(Date.now() - 3_601_000);
    const token = devices!.issue(null, { realmId: app.realmId, userId });
    old.mockRestore();
    expect(devices!.recognise(token, { realmId: app.realmId, userId })).not.toBeNull();
    expect(shortLived!.recognise(token, { realmId: app.realmId, userId })).toBeNull();
  });

  it('leaves a counter that goes with the user, and a token that names nobody', async () => {
    const { email, userId } = await newUser();
    const { deviceToken } = await app.logIn(email, password);
    expect(Buffer.from(deviceToken, 'base64url').toString('latin1')).not.toContain(Buffer.from(userId.replaceAll('-', ''), 'hex').toString('latin1'));
    await fail(email, 1, deviceToken);
    expect(await throttles(userId)).toBe(1);
    const about = { realmId: app.realmId, userIds: [userId] };
    expect((await app.call(identity.countLoginRemains, about)).remains).toMatchObject({ login_throttles: 2 });
    await app.call(identity.hideLogins, about);
    expect(await throttles(userId)).toBe(0);
    await app.call(identity.eraseLogins, about);
    expect((await app.call(identity.countLoginRemains, about)).remains).toEqual({ login_names: 0, login_throttles: 0, logins: 0, outgoing_mails: 0, sessions: 0, sso_codes: 0, sso_links: 0 });
  });
});
