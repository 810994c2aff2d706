import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { membership, staffRealmId, systemActor } from '#libs/contracts';
import { MembershipApp } from '../spec-support/membership-app.js';

describe('granting a role', () => {
  let app: MembershipApp;
  let organisationId: string;
  beforeAll(async () => {
    app = await MembershipApp.start();
    organisationId = await app.organisation();
  });

  const versionsOf = async (user: string) => (await app.events('membership.roles.changed')).filter(({ userId }) => userId === user).map(({ version }) => version);
  const outcome = (userId: string, role: string, scope: Parameters<MembershipApp['grant']>[1]) => app.outcome(membership.grantRole, { userId, role, scope, actor: systemActor });

  it('changes nothing the second time, and tells of the change once', async () => {
    const userId = uuidv7();
    const scope = { level: 'organisation', organisationId } as const;
    expect([await app.grant(userId, scope, 'member'), await app.grant(userId, scope, 'member')]).toEqual([true, false]);
    expect(await versionsOf(userId)).toEqual([1]);
  });

  it('gives every change of a user a version of its own, also when many come at once', async () => {
    const userId = uuidv7();
    const projects = await Promise.all(Array.from({ length: 12 }, () => app.project(organisationId)));
    await Promise.all(projects.map((projectId) => app.grant(userId, { level: 'project', projectId }, 'viewer')));
    expect(await versionsOf(userId)).toEqual(projects.map((_, index) => index + 1));
  });

  it('replaces the role in an organisation and in a team, and adds to those in a project', async () => {
    const userId = uuidv7();
    const teamId = await app.team(organisationId);
    const projectId = await app.project(organisationId, teamId);
    for (const role of ['team_member', 'team_admin']) await app.grant(userId, { level: 'team', teamId }, role);
    for (const role of ['viewer', 'editor']) await app.grant(userId, { level: 'project', projectId }, role);
    const { paths } = await app.call(membership.getProjectAccess, { userId, projectId });
    expect(paths.map(({ role }) => role).sort()).toEqual(['editor', 'team_admin', 'viewer']);
  });

  it('knows the roles of each level only', async () => {
    const userId = uuidv7();
    expect(await outcome(userId, 'editor', { level: 'organisation', organisationId })).toBe('role-unknown');
    expect(await outcome(userId, 'org_admin', { level: 'deployment' })).toBe('role-unknown');
    expect(await outcome(userId, 'super_admin', { level: 'project', projectId: await app.project(organisationId) })).toBe('role-unknown');
    expect(await outcome(userId, '', { level: 'team', teamId: await app.team(organisationId) })).toBe('role-unknown');
  });

  it('needs the thing it is granted in, and leaves nothing behind without it', async () => {
    const userId = uuidv7();
    expect(await outcome(userId, 'member', { level: 'organisation', organisationId: uuidv7() })).toBe('organisation-not-found');
    expect(await outcome(userId, 'team_member', { level: 'team', teamId: uuidv7() })).toBe('team-not-found');
    expect(await outcome(userId, 'viewer', { level: 'project', projectId: uuidv7() })).toBe('project-not-found');
    expect(await app.database.query('SELECT FROM members WHERE user_id = $1', [userId])).toEqual([]);
  });

  it('finds no hidden user, also one whom nobody here had heard of', async () => {
    const userId = uuidv7();
    await app.call(membership.hideMembers, { realmId: staffRealmId, userIds: [userId] });
    expect(await outcome(userId, 'member', { level: 'organisation', organisationId })).toBe('user-not-found');
  });

  it('leaves an organisation its last org_admin, however many are demoted at once', async () => {
    const own = await app.organisation();
    const scope = { level: 'organisation', organisationId: own } as const;
    const admins = [uuidv7(), uuidv7()];
    for (const userId of admins) await app.grant(userId, scope, 'org_admin');
    const outcomes = await Promise.all(Array.from({ length: 40 }, (_, index) => outcome(admins[index % 2]!, 'member', scope)));
    expect(outcomes).toContain('last-org-admin');
    const left = await app.database.query<{ role: string }>(`SELECT role FROM organisation_members WHERE organisation_id = $1 ORDER BY role`, [own]);
    expect(left.map(({ role }) => role)).toEqual(['member', 'org_admin']);
  });

  it('does not count a hidden org_admin as the other one', async () => {
    const own = await app.organisation();
    const scope = { level: 'organisation', organisationId: own } as const;
    const [hidden, last] = [uuidv7(), uuidv7()];
    for (const userId of [hidden, last]) await app.grant(userId, scope, 'org_admin');
    await app.call(membership.hideMembers, { realmId: staffRealmId, userIds: [hidden] });
    expect(await outcome(last, 'member', scope)).toBe('last-org-admin');
  });
});
