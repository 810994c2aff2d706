import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { membership, staffRealmId, systemActor } from '#libs/contracts';
import { MembershipApp } from '../spec-support/membership-app.js';

describe('erasing users from membership', () => {
  let app: MembershipApp;
  let organisationId: string;
  let teamId: string;
  let projectId: string;
  beforeAll(async () => {
    app = await MembershipApp.start();
    organisationId = await app.organisation();
    teamId = await app.team(organisationId);
    projectId = await app.project(organisationId, teamId);
  });

  const realmId = staffRealmId;
  const hide = (...userIds: string[]) => app.call(membership.hideMembers, { realmId, userIds });
  const erase = async (...userIds: string[]) => (await app.call(membership.eraseMembers, { realmId, userIds })).erased;
  const remains = async (...userIds: string[]) => (await app.call(membership.countMemberRemains, { realmId, userIds })).remains;
  const none = { listings: 0, directory: 0, deployment_members: 0, organisation_members: 0, team_members: 0, project_members: 0, members: 0, invitations: 0 };

  /** Somebody with a role at every level. */
  async function somebody(): Promise<string> {
    const userId = uuidv7();
    await app.grant(userId, { level: 'deployment' }, 'super_admin');
    await app.grant(userId, { level: 'organisation', organisationId }, 'org_admin');
    await app.grant(userId, { level: 'team', teamId }, 'team_admin');
    await app.grant(userId, { level: 'project', projectId }, 'viewer');
    await app.grant(userId, { level: 'project', projectId }, 'editor');
    return userId;
  }

  it('begins with hiding: no access and no roles, told once', async () => {
    const userId = await somebody();
    for (let twice = 0; twice < 2; twice += 1) expect(await hide(userId)).toEqual({ hidden: 1, organisationIds: [organisationId] });
    expect(await app.call(membership.getProjectAccess, { userId, projectId })).toEqual({ paths: [], permissions: [] });
    expect(await app.call(membership.getStaffRoles, { userId })).toEqual({ globalRole: null, organisations: [] });
    expect((await app.events('membership.roles.changed')).filter((data) => data['userId'] === userId).map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('erases every row about the user, counts it, and finds nothing the second time', async () => {
    const userId = await somebody();
    await hide(userId);
    const all = { deployment_members: 1, organisation_members: 1, team_members: 1, project_members: 2, members: 1, listings: 0, directory: 0, invitations: 0 };
    expect(await remains(userId)).toEqual(all);
    expect(await erase(userId)).toEqual(all);
    expect(await remains(userId)).toEqual(none);
    expect(await erase(userId)).toEqual(none);
  });

  it('leaves everybody else as they were', async () => {
    const [erased, other] = [await somebody(), await somebody()];
    const before = await app.call(membership.getProjectAccess, { userId: other, projectId });
    await hide(erased);
    await erase(erased);
    expect(await app.call(membership.getProjectAccess, { userId: other, projectId })).toEqual(before);
    expect((await remains(other)).project_members).toBe(2);
  });

  it('has nothing to erase of users who never had a role, and takes an id twice', async () => {
    const userId = uuidv7();
    expect(await hide(userId, userId)).toEqual({ hidden: 1, organisationIds: [] });
    expect(await erase(userId, userId)).toEqual(none);
    expect(await remains(userId)).toEqual(none);
  });

  it('needs no hiding before: nobody can grant a role to somebody who is being erased', async () => {
    const userId = await somebody();
    await erase(userId);
    expect(await app.outcome(membership.grantRole, { userId, scope: { level: 'project', projectId }, role: 'viewer', actor: systemActor })).toBe('user-not-found');
    expect(await remains(userId)).toEqual(none);
  });

  it('wins against roles that are granted at the same moment', async () => {
    const users = Array.from({ length: 60 }, () => uuidv7());
    const grant = (userId: string) => app.outcome(membership.grantRole, { userId, scope: { level: 'project', projectId }, role: 'viewer', actor: systemActor });
    await Promise.all(users.flatMap((userId, index) => (index % 2 === 0 ? [grant(userId), erase(userId)] : [erase(userId), grant(userId)])));
    expect(await remains(...users)).toEqual(none);
  });

  it('hides overlapping users for two at once without one failing', async () => {
    const users = await Promise.all(Array.from({ length: 20 }, somebody));
    const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => hide(...(index % 2 === 0 ? users : [...users].reverse()))));
    expect(answers.map(({ hidden }) => hidden)).toEqual(Array.from({ length: 10 }, () => 20));
  });
});
