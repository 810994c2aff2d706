import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { auditSources, membership, type Actor } from '#libs/contracts';
import { MembershipApp } from '../spec-support/membership-app.js';
import { PeopleStandIn } from '../spec-support/people-stand-in.js';

jest.setTimeout(60_000); // the first test starts a Postgres

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
    expect(await entriesAbout(userId)).toBeGreaterThanOrEqual(3);
  });

  it('are refused or taken when they are tried out, and not made', async () => {
    const userId = await lastAdmin();
    const before = await roles(userId);
    expect(await codeOf(change(userId, { status: 'inactive' }, true))).toBe('last-org-admin');
    expect(await codeOf(change(userId, { globalRole: 'super_admin' }, true))).toBe('done');
    expect(await roles(userId)).toEqual(before);
  });
});
