import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { membership, permissionsOfProjectRole, projectPermissions, systemActor, type ProjectPermission } from '#libs/contracts';
import type { RequestInput } from '#libs/platform/messages';
import { MembershipApp } from '../spec-support/membership-app.js';
import { HeldRolesRepository } from './held-roles.repository.js';

type Grantor = RequestInput<typeof membership.putProjectRole>['grantor'];

let app: MembershipApp;
let organisationId: string;
let projectId: string;
const system: Grantor = { actor: systemActor, permissions: [] };

beforeAll(async () => {
  app = await MembershipApp.start();
  organisationId = await app.organisation();
  projectId = await app.project(organisationId);
});

const key = (...permissions: ProjectPermission[]): Grantor => ({ actor: { type: 'credential', id: uuidv7() }, permissions });
/** A user's own word about their permissions counts for nothing: it is looked up. */
const user = (id: string): Grantor => ({ actor: { type: 'user', id }, permissions: [...projectPermissions] });
const put = (role: string, permissions: ProjectPermission[], grantor = system, project = projectId) => app.call(membership.putProjectRole, { projectId: project, role, permissions, grantor });
const outcomeOfPut = (role: string, permissions: ProjectPermission[], grantor = system, project = projectId) => app.outcome(membership.putProjectRole, { projectId: project, role, permissions, grantor });
const set = (userId: string, roles: string[], grantor = system) => app.call(membership.setProjectRoles, { projectId, userId, roles, grantor });
const outcomeOfSet = (userId: string, roles: string[], grantor = system) => app.outcome(membership.setProjectRoles, { projectId, userId, roles, grantor });
const permissionsOf = async (userId: string, project = projectId) => (await app.call(membership.getProjectAccess, { userId, projectId: project })).permissions;
const holder = async (...roles: string[]) => {
  const userId = uuidv7();
  await set(userId, roles);
  return userId;
};

describe('the roles of a project', () => {
  it('are the built-in ones, then its own, and nobody else’s', async () => {
    const own = await app.project(organisationId);
    await put('support', ['events:read', 'users:read', 'users:read'], key(...projectPermissions), own);
    const { roles } = await app.call(membership.listProjectRoles, { projectId: own });
    expect(roles.map(({ role, builtIn, permissions }) => [role, builtIn, permissions])).toEqual([
      ['project_admin', true, [...permissionsOfProjectRole.project_admin]],
      ['editor', true, [...permissionsOfProjectRole.editor]],
      ['viewer', true, [...permissionsOfProjectRole.viewer]],
      ['support', false, ['users:read', 'events:read']],
    ]);
    expect(await app.call(membership.getProjectRole, { projectId: own, role: 'support' })).toEqual(roles[3]);
    expect(await app.outcome(membership.getProjectRole, { projectId, role: 'support' })).toBe('role-not-found');
    expect(await app.outcome(membership.getProjectRole, { projectId: own, role: 'no\0role' })).toBe('role-not-found');
  });

  it('change for those who hold them, and tell of it once', async () => {
    await put('moderator', ['users:read']);
    const userId = await holder('moderator');
    expect(await permissionsOf(userId)).toEqual(['users:read']);
    await put('moderator', ['users:read', 'users:delete']);
    await put('moderator', ['users:delete', 'users:read']);
    expect(await permissionsOf(userId)).toEqual(['users:read', 'users:delete']);
    expect((await app.events('membership.project-role.changed')).filter(({ role }) => role === 'moderator')).toHaveLength(2);
  });

  it('can’t be the built-in ones, or called like a role above projects, or of no project', async () => {
    expect(await outcomeOfPut('viewer', [])).toBe('role-built-in');
    expect(await app.outcome(membership.removeProjectRole, { projectId, role: 'viewer', actor: systemActor })).toBe('role-built-in');
    expect(await outcomeOfPut('org_admin', [])).toBe('role-reserved');
    expect(await outcomeOfPut('Support', [])).toBe('invalid-request');
    expect(await outcomeOfPut('support', [], system, uuidv7())).toBe('project-not-found');
  });

  it('take a grantor who holds every permission, by a key as identity knows it, by a user as they are at that moment', async () => {
    expect(await outcomeOfPut('strong', ['users:read', 'users:write'], key('roles:write', 'users:read'))).toBe('permission-not-held');
    expect(await outcomeOfPut('weak', ['users:read'], key('roles:write', 'users:read'))).toBe('ok');
    await put('role-keeper', ['roles:write', 'users:read']);
    const keeper = await holder('role-keeper');
    expect(await outcomeOfPut('by-keeper', ['users:read'], user(keeper))).toBe('ok');
    expect(await outcomeOfPut('by-keeper', ['users:read', 'users:delete'], user(keeper))).toBe('permission-not-held');
    await set(keeper, []);
    expect(await outcomeOfPut('by-keeper', ['users:read'], user(keeper))).toBe('permission-not-held');
  });

  it('go when nobody holds them; else it is said how many do', async () => {
    await put('leaving', ['users:read']);
    const remove = () => app.call(membership.removeProjectRole, { projectId, role: 'leaving', actor: systemActor });
    const [first, second] = [await holder('leaving'), await holder('leaving', 'viewer')];
    await expect(remove()).rejects.toMatchObject({ value: { code: 'role-held', message: expect.stringContaining('2 users') } });
    await set(first, []);
    await app.call(membership.hideMembers, { realmId: projectId, userIds: [second] });
    await remove();
    expect(await app.outcome(membership.removeProjectRole, { projectId, role: 'leaving', actor: systemActor })).toBe('role-not-found');
  });

  it('are no more than a project may have, however many are made at once', async () => {
    const own = await app.project(organisationId);
    const outcomes = await Promise.all(Array.from({ length: membership.mostProjectRoles + 20 }, (_, index) => outcomeOfPut(`role-${index}`, [], system, own)));
    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(membership.mostProjectRoles);
    expect(outcomes.filter((outcome) => outcome === 'role-limit')).toHaveLength(20);
    const there = `role-${outcomes.indexOf('ok')}`;
    expect(await outcomeOfPut(there, ['users:read'], system, own)).toBe('ok');
  });

  it('are never held by anybody after they went, and never go while they are held', async () => {
    for (let round = 0; round < 10; round += 1) {
      const role = `contested-${round}`;
      await put(role, ['users:read']);
      const users = Array.from({ length: 4 }, () => uuidv7());
      const [removed, ...given] = await Promise.all([app.outcome(membership.removeProjectRole, { projectId, role, actor: systemActor }), ...users.map((userId) => outcomeOfSet(userId, [role]))]);
      const holders = await app.database.query('SELECT FROM project_members WHERE project_id = $1 AND role = $2', [projectId, role]);
      expect(holders).toHaveLength(given.filter((outcome) => outcome === 'ok').length);
      expect(removed === 'ok').toBe(holders.length === 0);
      expect(given.every((outcome) => outcome === 'ok' || outcome === 'role-unknown')).toBe(true);
    }
  });
});

describe('giving roles to a project’s own users', () => {
  it('replaces them, tells of a change once, and of none not at all', async () => {
    const userId = uuidv7();
    await put('customer', []);
    expect(await set(userId, ['viewer', 'customer', 'viewer'])).toEqual({ userId, version: 1, roles: ['customer', 'viewer'] });
    expect(await set(userId, ['customer', 'viewer'])).toEqual({ userId, version: 1, roles: ['customer', 'viewer'] });
    expect(await set(userId, ['customer'])).toEqual({ userId, version: 2, roles: ['customer'] });
    expect((await app.events('membership.roles.changed')).filter((data) => data['userId'] === userId).map(({ version }) => version)).toEqual([1, 2]);
    expect(await app.call(membership.describeProjectRoles, { projectId, userIds: [userId, uuidv7()] })).toEqual({ users: [{ userId, version: 2, roles: ['customer'] }] });
  });

  it('names every role that there is not, and writes nothing', async () => {
    const userId = uuidv7();
    await expect(set(userId, ['viewer', 'nothing', 'org_admin'])).rejects.toMatchObject({ value: { code: 'role-unknown', details: [{ path: 'roles[1]' }, { path: 'roles[2]' }] } });
    expect(await permissionsOf(userId)).toEqual([]);
    const check = (roles: string[], grantor: Grantor) => app.outcome(membership.checkProjectRoles, { projectId, roles, grantor });
    expect([await check(['viewer'], system), await check(['nothing'], system), await check(['editor'], key('users:write'))]).toEqual(['ok', 'role-unknown', 'permission-not-held']);
  });

  it('hands out no permission that the grantor lacks, and leaves those alone who may do more', async () => {
    await put('clerk', ['users:read', 'users:write']);
    const clerk = await holder('clerk');
    const target = uuidv7();
    expect(await outcomeOfSet(target, ['project_admin'], user(clerk))).toBe('permission-not-held');
    expect(await outcomeOfSet(clerk, ['clerk', 'project_admin'], user(clerk))).toBe('permission-not-held');
    expect(await outcomeOfSet(target, ['clerk'], user(clerk))).toBe('ok');
    const admin = await holder('project_admin');
    expect(await outcomeOfSet(admin, [], user(clerk))).toBe('permission-not-held');
    const rank = (userId: string) => app.outcome(membership.checkRank, { projectId, userId, grantor: user(clerk) });
    expect([await rank(admin), await rank(target), await rank(clerk), await rank(uuidv7())]).toEqual(['permission-not-held', 'ok', 'ok', 'ok']);
    expect(await outcomeOfSet(clerk, [], user(clerk))).toBe('ok');
  });

  it('comes to an end for two who do it to one another', async () => {
    const [one, other] = [await holder('project_admin'), await holder('project_admin')] as [string, string];
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? outcomeOfSet(one, ['viewer'], user(other)) : outcomeOfSet(other, ['viewer'], user(one)))));
    // Whoever came first took from the other what it takes to take it back.
    expect(outcomes.filter((outcome) => outcome === 'ok').length).toBeGreaterThan(0);
    expect([await permissionsOf(one), await permissionsOf(other)].filter((permissions) => permissions.includes('users:delete'))).toHaveLength(1);
  });

  it('finds nobody who is hidden', async () => {
    const userId = await holder('viewer');
    await app.call(membership.hideMembers, { realmId: projectId, userIds: [userId] });
    expect(await outcomeOfSet(userId, ['editor'])).toBe('user-not-found');
  });

  it('given to many at once are each one’s own, and what is refused leaves nothing behind and refuses nobody else', async () => {
    const [hidden, known, refused, ...others] = [await holder('viewer'), await holder('viewer'), ...Array.from({ length: 12 }, () => uuidv7())] as [string, string, string, ...string[]];
    await app.call(membership.hideMembers, { realmId: projectId, userIds: [hidden] });
    const outcomes = await Promise.all([
      outcomeOfSet(hidden, ['editor']),
      outcomeOfSet(refused, ['no-such-role']),
      outcomeOfSet(known, ['editor'], key(...projectPermissions)),
      ...others.map((userId, place) => outcomeOfSet(userId, place % 2 === 0 ? ['viewer'] : ['editor', 'viewer'])),
    ]);
    expect(outcomes).toEqual(['user-not-found', 'role-unknown', 'ok', ...others.map(() => 'ok')]);
    const { users } = await app.call(membership.describeProjectRoles, { projectId, userIds: [hidden, known, refused, ...others] });
    expect(new Map(users.map(({ userId, roles }) => [userId, roles]))).toEqual(new Map([[known, ['editor']], ...others.map((userId, place): [string, string[]] => [userId, place % 2 === 0 ? ['viewer'] : ['editor', 'viewer']])]));
    expect(await app.database.query('SELECT FROM members WHERE user_id = $1', [refused])).toEqual([]);
  });
});

describe('the staff of a project', () => {
  it('are those with a role that reaches it, without its own users and who is not active', async () => {
    const own = await app.organisation();
    const teamId = await app.team(own);
    const project = await app.project(own, teamId);
    const [admin, member, teamMember, direct, inactive, superAdmin] = Array.from({ length: 6 }, () => uuidv7()) as [string, string, string, string, string, string];
    await app.grant(admin, { level: 'organisation', organisationId: own }, 'org_admin');
    await app.grant(member, { level: 'organisation', organisationId: own }, 'member');
    await app.grant(teamMember, { level: 'team', teamId }, 'team_member');
    await app.grant(teamMember, { level: 'project', projectId: project }, 'editor');
    await app.grant(direct, { level: 'project', projectId: project }, 'viewer');
    await app.grant(inactive, { level: 'organisation', organisationId: own }, 'org_admin');
    await app.grant(superAdmin, { level: 'deployment' }, 'super_admin');
    await app.database.execute(`UPDATE organisation_members SET status = 'inactive' WHERE user_id = $1`, [inactive]);
    await app.call(membership.setProjectRoles, { projectId: project, userId: uuidv7(), roles: ['viewer'], grantor: system });

    const { staff } = await app.call(membership.listProjectStaff, { projectId: project });
    expect(staff).toEqual(
      [
        { userId: admin, roles: ['project_admin'], direct: [] },
        { userId: teamMember, roles: ['editor', 'viewer'], direct: ['editor'] },
        { userId: direct, roles: ['viewer'], direct: ['viewer'] },
        { userId: superAdmin, roles: ['project_admin'], direct: [] },
      ].sort((a, b) => (a.userId < b.userId ? -1 : 1)),
    );
    for (const { userId, roles } of staff) {
      const { paths } = await app.call(membership.getProjectAccess, { userId, projectId: project });
      expect([...new Set(paths.map(({ projectRole }) => projectRole))].sort()).toEqual(roles);
    }

    const leave = (userId: string, grantor = system) => app.outcome(membership.removeStaffFromProject, { projectId: project, userId, grantor });
    expect([await leave(admin), await leave(teamMember, key('users:delete')), await leave(teamMember), await leave(teamMember)]).toEqual(['role-implied', 'permission-not-held', 'ok', 'role-implied']);
    expect(await permissionsOf(teamMember, project)).toEqual([...permissionsOfProjectRole.viewer]);
  });

  it('are read once or twice for all who ask at the same time, and each has all of them', async () => {
    const project = await app.project(organisationId);
    const direct = uuidv7();
    await app.grant(direct, { level: 'project', projectId: project }, 'viewer');
    const reads = jest.spyOn(app.provider(HeldRolesRepository), 'staff');
    const answers = await Promise.all(Array.from({ length: 20 }, () => app.call(membership.listProjectStaff, { projectId: project })));
    for (const { staff } of answers) expect(staff).toContainEqual({ userId: direct, roles: ['viewer'], direct: ['viewer'] });
    expect(reads.mock.calls.length).toBeLessThanOrEqual(2);
    reads.mockRestore();
  });
});
