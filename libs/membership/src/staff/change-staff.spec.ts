import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { auditSources, membership, type Actor } from '#libs/contracts';
import { MembershipApp } from '../spec-support/membership-app.js';
import { PeopleStandIn } from '../spec-support/people-stand-in.js';

const actor: Actor = { type: 'credential', id: 'root' };
const everything: membership.Viewer = { kind: 'key', organisationId: null, projectId: null, roles: ['super_admin'] };
const org = (organisationId: string) => ({ level: 'organisation', organisationId }) as const;

describe('several changes of a person at once', () => {
  let app: MembershipApp;
  beforeAll(async () => {
    app = await MembershipApp.start([PeopleStandIn]);
  });

  const change = (userId: string, what: { globalRole?: 'super_admin' | null; status?: 'active' | 'inactive' }, tryOut = false) => app.call(membership.changeStaff, { userId, ...what, changesPerson: false, tryOut, viewer: everything, actor });
  const codeOf = (result: Promise<unknown>) => result.then(
    () => 'done',
    (error: { value: { code: string } }) => error.value.code,
  );
  const roles = async (userId: string) => (await app.call(membership.getStaffMember, { userId, viewer: everything })).roles.map(({ role, status }) => `${role}:${status}`).sort();
  const entriesAbout = async (userId: string) => (await app.call(auditSources.membership.pending, { limit: 1_000 })).entries.filter(({ target }) => target?.id === userId).length;

  /** The only administrator of one organisation, one of several members of another. */
  async function lastAdmin(): Promise<string> {
    const userId = uuidv7();
    await app.grant(userId, org(await app.organisation()), 'member');
    await app.grant(userId, org(await app.organisation()), 'org_admin');
    return userId;
  }

  it('are none of them made when one is refused', async () => {
    const userId = await lastAdmin();
    const [before, told] = [await roles(userId), await entriesAbout(userId)];
    expect(await codeOf(change(userId, { globalRole: 'super_admin', status: 'inactive' }))).toBe('last-org-admin');
    expect(await roles(userId)).toEqual(before);
    expect(await entriesAbout(userId)).toBe(told);
  });

  it('are all made otherwise, and told', async () => {
    const userId = uuidv7();
    for (const organisationId of [await app.organisation(), await app.organisation()]) {
      await app.grant(uuidv7(), org(organisationId), 'org_admin');
      await app.grant(userId, org(organisationId), 'member');
    }
    expect(await change(userId, { globalRole: 'super_admin', status: 'inactive' })).toEqual({ hasStatus: true });
    expect(await roles(userId)).toEqual(['member:inactive', 'member:inactive', 'super_admin:null']);
    // By a super administrator, which opens the account as well.
    expect(await change(userId, { status: 'active' })).toEqual({ hasStatus: false });
    expect(await roles(userId)).toEqual(['member:active', 'member:active', 'super_admin:null']);
    expect(await entriesAbout(userId)).toBeGreaterThanOrEqual(3);
  });

  it('are refused or taken when they are tried out, and not made', async () => {
    const userId = await lastAdmin();
    const before = await roles(userId);
    const left = () => app.database.query('SELECT (SELECT count(*) FROM outbox) AS events, (SELECT count(*) FROM audit_entries) AS entries');
    const toTell = await left();
    expect(await codeOf(change(userId, { status: 'inactive' }, true))).toBe('last-org-admin');
    expect(await codeOf(change(userId, { globalRole: 'super_admin' }, true))).toBe('done');
    expect(await roles(userId)).toEqual(before);
    expect(await left()).toEqual(toTell);
  });

  describe('by super administrators', () => {
    const as = (userId: string): { viewer: membership.Viewer; actor: Actor } => ({ viewer: { kind: 'user', userId }, actor: { type: 'user', id: userId } });
    const by = (self: string, userId: string, what: { globalRole?: null; status?: 'inactive' }) => codeOf(app.call(membership.changeStaff, { userId, ...what, changesPerson: false, tryOut: false, ...as(self) }));

    /** Only these are super administrators. */
    async function only(count: number): Promise<string[]> {
      await app.database.execute('DELETE FROM deployment_members');
      const userIds = Array.from({ length: count }, () => uuidv7());
      for (const userId of userIds) await app.grant(userId, { level: 'deployment' }, 'super_admin');
      return userIds;
    }

    it('come one after the other when two take the role from, or delete, one another', async () => {
      for (let round = 0; round < 10; round += 1) {
        const [one, other] = (await only(3)) as [string, string];
        const remove = (self: string, userId: string) => codeOf(app.call(membership.deleteStaff, { userId, ...as(self) }));
        const outcomes = await Promise.all(round % 2 === 0 ? [by(one, other, { globalRole: null }), by(other, one, { globalRole: null })] : [remove(one, other), by(other, one, { globalRole: null })]);
        expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
      }
    });

    it('of many at once by one of them all come to an end', async () => {
      const [self] = (await only(2)) as [string];
      const people = await Promise.all(Array.from({ length: 20 }, lastAdmin));
      for (const userId of people) await app.grant(userId, { level: 'deployment' }, 'super_admin');
      for (const userId of people) await app.database.execute(`UPDATE organisation_members SET role = 'member' WHERE user_id = $1`, [userId]);
      expect(new Set(await Promise.all(people.map((userId) => by(self, userId, { globalRole: null, status: 'inactive' }))))).toEqual(new Set(['done']));
    });

    it('close no account that is the last, nor their own', async () => {
      const [one, other] = (await only(2)) as [string, string];
      expect(await by(one, one, { status: 'inactive' })).toBe('permission-missing');
      expect(await by(one, other, { status: 'inactive' })).toBe('done');
      await app.database.execute('DELETE FROM deployment_members WHERE user_id = $1', [other]);
      expect(await codeOf(change(one, { status: 'inactive' }))).toBe('last-super-admin');
    });
  });
});
