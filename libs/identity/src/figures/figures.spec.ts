import { beforeAll, describe, expect, it } from '@jest/globals';
import { identity } from '#libs/contracts';
import { eventually } from '#libs/platform/testing';
import { failureOf, IdentityApp } from '../spec-support/identity-app.js';
import { loginDaysRepository } from './login-days.repository.js';

describe('the figures of logins', () => {
  let app: IdentityApp;
  beforeAll(async () => {
    app = await IdentityApp.start({});
  });
  const dayOf = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);

  it('count who came in and who was refused on their day, and forget what is old', async () => {
    const password = 'correct horse battery';
    await app.user('ada@example.com', password);
    for (let time = 0; time < 2; time += 1) await app.logIn('ada@example.com', password);
    for (const name of ['ada@example.com', 'nobody@example.com']) expect(await failureOf(app.logIn(name, 'wrong'))).toMatchObject({ code: 'invalid-credentials' });
    await loginDaysRepository.add(app.database, [{ realmId: app.realmId, day: dayOf(401), logins: 1, refused: 1 }, { realmId: app.realmId, day: dayOf(1), logins: 7, refused: 0 }]);
    expect(await loginDaysRepository.trim(app.database)).toBe(1);
    await eventually(async () =>
      expect(await app.call(identity.countLoginDays, { realmId: app.realmId, from: dayOf(500), to: dayOf(0) })).toEqual({ days: [{ day: dayOf(1), logins: 7, refused: 0 }, { day: dayOf(0), logins: 2, refused: 2 }] }),
    );
    expect(await app.call(identity.countLoginDays, { realmId: app.realmId, from: dayOf(3), to: dayOf(2) })).toEqual({ days: [] });
  });
});
