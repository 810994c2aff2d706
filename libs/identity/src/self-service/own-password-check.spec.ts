import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { identity } from '#libs/contracts';
import { failureOf, IdentityApp } from '../spec-support/identity-app.js';
import { OwnPasswordCheck } from './own-password-check.js';

const old = 'correct horse battery';
const fresh = 'another horse entirely';

describe('what takes the present password', () => {
  let app: IdentityApp;
  let realmId: string;
  let email: string;
  let userId: string;
  beforeAll(async () => {
    app = await IdentityApp.start();
    realmId = app.realmId;
  });
  beforeEach(async () => {
    email = `ada.${randomUUID()}@example.com`;
    userId = await app.user(email, old);
  });
  afterEach(() => void jest.restoreAllMocks());

  /** Between the check and what comes of it. */
  function meanwhile(happens: () => Promise<unknown>): void {
    const check = app.app.get(OwnPasswordCheck, { strict: false });
    const asItIs = check.check.bind(check);
    jest.spyOn(check, 'check').mockImplementationOnce(async (...request) => {
      const checked = await asItIs(...request);
      await happens();
      return checked;
    });
  }
  const hide = () => app.call(identity.hideLogins, { realmId, userIds: [userId] });
  const changes = {
    'the email': () => app.call(identity.changeOwnEmail, { realmId, userId, email: `thief.${email}`, password: old }),
    'the password': () => app.call(identity.changeOwnPassword, { realmId, userId, sessionId: randomUUID(), current: old, password: 'what the thief chose' }),
  };
  const mails = () => app.database.query('SELECT template, email, new_email FROM outgoing_mails WHERE user_id = $1', [userId]);

  describe.each(Object.entries(changes))('changing %s', (_, change) => {
    it.each([
      ['the password is changed', 'password-wrong', () => app.setPassword(userId, fresh)],
      ['the user is deleted', 'user-not-found', () => app.call(identity.suspendLogin, { realmId, userId, suspended: true })],
      ['the user is closed', 'user-not-found', () => app.database.execute('UPDATE logins SET is_active = false WHERE user_id = $1', [userId])],
      ['the user is hidden', 'user-not-found', hide],
    ])('comes to nothing when %s after the check', async (_happening, code, happens) => {
      meanwhile(happens);
      expect(await failureOf(change())).toMatchObject({ code });
      expect(await mails()).toEqual([]);
    });
  });

  it('leaves no mail of a user who is erased after the check', async () => {
    meanwhile(async () => {
      await hide();
      await app.call(identity.eraseLogins, { realmId, userIds: [userId] });
    });
    expect(await failureOf(changes['the email']())).toMatchObject({ code: 'user-not-found' });
    expect(await mails()).toEqual([]);
  });

  it('tells of a change of the email to the address that the user logs in by when it is asked for', async () => {
    const present = `present.${email}`;
    meanwhile(() => app.call(identity.changeLoginEmail, { realmId, userId, email: present }));
    await changes['the email']();
    expect(await mails()).toEqual(expect.arrayContaining([{ template: 'email-change-notice', email: present, new_email: `thief.${email}` }]));
  });
});
