import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { membership, systemActor, type Actor } from '#libs/contracts';
import { MembershipApp, slug } from '../spec-support/membership-app.js';

const actor: Actor = { type: 'user', id: 'somebody' };

describe('organisations, teams and projects', () => {
  let app: MembershipApp;
  beforeAll(async () => {
    app = await MembershipApp.start();
  });

  const changesOf = async (type: string, id: string) => (await app.events(type)).filter((data) => Object.values(data).includes(id)).map(({ changed }) => changed);

  it('change what is given, tell which fields changed, and tell nothing when nothing did', async () => {
    const organisationId = await app.organisation();
    const wanted = { name: 'Renamed', slug: slug() };
    const updated = await app.call(membership.updateOrganisation, { organisationId, ...wanted, actor });
    expect(updated).toMatchObject(wanted);
    expect(await app.call(membership.updateOrganisation, { organisationId, ...wanted, actor })).toEqual(updated);
    expect(await app.call(membership.updateOrganisation, { organisationId, actor })).toEqual(updated);
    expect(await changesOf('membership.organisation.changed', organisationId)).toEqual([['name', 'slug']]);

    const teamId = await app.team(organisationId);
    expect(await app.call(membership.updateTeam, { teamId, name: 'Field sales', actor })).toMatchObject({ teamId, organisationId, name: 'Field sales' });
    expect(await app.call(membership.updateTeam, { teamId, name: 'Field sales', actor })).toMatchObject({ name: 'Field sales' });
    expect(await changesOf('membership.team.changed', teamId)).toEqual([['name']]);
  });

  it('keep names and slugs unique through changes, however many come at once', async () => {
    const [one, other] = [await app.organisation(), await app.organisation()];
    const taken = (await app.call(membership.getOrganisation, { organisationId: one })).slug;
    expect(await app.outcome(membership.updateOrganisation, { organisationId: other, slug: taken, actor })).toBe('slug-taken');
    const free = slug();
    const teams = await Promise.all(Array.from({ length: 8 }, () => app.team(one)));
    expect((await Promise.all(teams.map((teamId) => app.outcome(membership.updateTeam, { teamId, name: free, actor })))).filter((outcome) => outcome === 'ok')).toHaveLength(1);
    const projects = await Promise.all(Array.from({ length: 8 }, () => app.project(one)));
    const outcomes = await Promise.all(projects.map((projectId) => app.outcome(membership.updateProject, { projectId, slug: free, actor })));
    expect(outcomes.sort()).toEqual(['ok', ...Array.from({ length: 7 }, () => 'slug-taken')].sort());
    expect(await app.outcome(membership.updateProject, { projectId: projects[0]!, slug: 'users', actor })).toBe('slug-reserved');
    expect(await app.outcome(membership.updateOrganisation, { organisationId: one, slug: uuidv7(), actor })).toBe('invalid-request');
  });

  it('merge metadata and settings key by key, and lose none of many changes at once', async () => {
    const projectId = await app.project(await app.organisation());
    await app.call(membership.updateProject, { projectId, metadata: { a: 1, b: { deep: [null, 'x'] } }, settings: { rate_limit: 100, allowed_origins: ['https://app.example.com'] }, actor });
    await app.call(membership.updateProject, { projectId, metadata: { a: null, c: 'new' }, settings: { rate_limit: null, force_password_change: true }, actor });
    const project = await app.call(membership.getProject, { projectId });
    expect(project).toMatchObject({ metadata: { b: { deep: [null, 'x'] }, c: 'new' }, settings: { allowed_origins: ['https://app.example.com'], force_password_change: true } });
    expect(Object.keys(project.metadata)).toEqual(['b', 'c']);
    expect(Object.keys(project.settings).sort()).toEqual(['allowed_origins', 'force_password_change']);
    expect((await app.call(membership.findProject, { project: projectId })).settings).toEqual(project.settings);

    await Promise.all(Array.from({ length: 10 }, (_, n) => app.call(membership.updateProject, { projectId, metadata: { [`key${n}`]: n }, actor })));
    expect(Object.keys((await app.call(membership.getProject, { projectId })).metadata)).toHaveLength(12);
  });

  it('refuse metadata that is larger than it may be, also when it grew there by steps', async () => {
    const projectId = await app.project(await app.organisation());
    const half = 'x'.repeat(9_000);
    expect(await app.outcome(membership.updateProject, { projectId, metadata: { a: half, b: half }, actor })).toBe('invalid-request');
    expect(await app.outcome(membership.updateProject, { projectId, metadata: { a: half }, actor })).toBe('ok');
    expect(await app.outcome(membership.updateProject, { projectId, metadata: { b: half }, actor })).toBe('metadata-too-large');
  });

  it('let a project change its team for another of the same organisation only', async () => {
    const organisationId = await app.organisation();
    const projectId = await app.project(organisationId);
    const [own, foreign] = [await app.team(organisationId), await app.team(await app.organisation())];
    expect(await app.call(membership.updateProject, { projectId, teamId: own, actor })).toMatchObject({ teamId: own });
    expect(await app.outcome(membership.updateProject, { projectId, teamId: foreign, actor })).toBe('team-not-found');
    expect(await app.call(membership.updateProject, { projectId, teamId: null, actor })).toMatchObject({ teamId: null });
  });

  it('are deleted from the inside out, each naming what is still in it', async () => {
    const organisationId = await app.organisation();
    const teamId = await app.team(organisationId);
    const projectId = await app.project(organisationId, teamId);
    const userId = uuidv7();
    await app.grant(userId, { level: 'organisation', organisationId }, 'member');
    await app.grant(userId, { level: 'team', teamId }, 'team_admin');
    await app.grant(userId, { level: 'project', projectId }, 'viewer');
    app.profiles.inhabited.add(projectId);

    const failure = async (attempt: Promise<unknown>) => attempt.then(() => 'ok', (error: { value: { code: string; message: string } }) => `${error.value.code}: ${error.value.message}`);
    expect(await failure(app.call(membership.deleteOrganisation, { organisationId, actor }))).toMatch(/^organisation-in-use: .* 1 project and 1 team/);
    expect(await failure(app.call(membership.deleteTeam, { teamId, actor }))).toMatch(/^team-in-use: .* 1 project/);
    expect(await failure(app.call(membership.deleteProject, { projectId, actor }))).toMatch(/^project-in-use: .* users/);

    app.profiles.inhabited.delete(projectId);
    expect(await failure(app.call(membership.deleteProject, { projectId, actor }))).toBe('ok');
    expect(await failure(app.call(membership.deleteProject, { projectId, actor }))).toMatch(/^project-not-found/);
    expect(await app.outcome(membership.findProject, { project: projectId })).toBe('project-not-found');
    expect(await failure(app.call(membership.deleteTeam, { teamId, actor }))).toBe('ok');
    expect(await failure(app.call(membership.deleteOrganisation, { organisationId, actor }))).toBe('ok');
    expect(await app.outcome(membership.getOrganisation, { organisationId })).toBe('organisation-not-found');
    // Six changes of the user's roles: three came, three went.
    expect((await app.events('membership.roles.changed')).filter((data) => data['userId'] === userId).map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const [type, id] of [['project', projectId], ['team', teamId], ['organisation', organisationId]] as const) expect(await changesOf(`membership.${type}.deleted`, id)).toHaveLength(1);
  });

  it('have no role left in them when they are deleted while roles are being given', async () => {
    const organisationId = await app.organisation();
    const teamId = await app.team(organisationId);
    const users = Array.from({ length: 20 }, () => uuidv7());
    const grants = users.map((userId) => app.outcome(membership.grantRole, { userId, scope: { level: 'team', teamId }, role: 'team_member', actor: systemActor }));
    const [deleted, ...outcomes] = await Promise.all([app.outcome(membership.deleteTeam, { teamId, actor }), ...grants]);
    expect(deleted).toBe('ok');
    expect(outcomes.filter((outcome) => outcome !== 'ok' && outcome !== 'team-not-found')).toEqual([]);
    expect(await app.database.query('SELECT FROM team_members WHERE team_id = $1', [teamId])).toEqual([]);
  });

  it('are listed newest first, in pages that a new one does not shift', async () => {
    const organisationId = await app.organisation();
    const projects: string[] = [];
    for (let n = 0; n < 5; n += 1) projects.push(await app.project(organisationId));
    const first = await app.call(membership.listProjects, { organisationId, limit: 2 });
    await app.project(organisationId);
    const second = await app.call(membership.listProjects, { organisationId, limit: 2, after: first.nextCursor! });
    const third = await app.call(membership.listProjects, { organisationId, limit: 2, after: second.nextCursor! });
    expect([...first.projects, ...second.projects, ...third.projects].map(({ projectId }) => projectId)).toEqual(projects.reverse());
    expect(third.nextCursor).toBeNull();
    expect(await app.outcome(membership.listProjects, { organisationId: await app.organisation(), limit: 2, after: first.nextCursor! })).toBe('invalid-cursor');
    expect(await app.outcome(membership.listTeams, { organisationId, limit: 2, after: first.nextCursor! })).toBe('invalid-cursor');
    const changed = `${first.nextCursor!.slice(0, -2)}${first.nextCursor!.endsWith('AA') ? 'BB' : 'AA'}`;
    for (const forged of [changed, 'x', '', '!']) expect(await app.outcome(membership.listProjects, { organisationId, limit: 2, after: forged })).toBe('invalid-cursor');
  });

  it('are listed for a user as far as their roles reach', async () => {
    const organisationId = await app.organisation();
    const [mine, other] = [await app.team(organisationId), await app.team(organisationId)];
    const [ofTeam, direct, neither] = [await app.project(organisationId, mine), await app.project(organisationId, other), await app.project(organisationId)];
    const [worker, admin] = [uuidv7(), uuidv7()];
    await app.grant(worker, { level: 'team', teamId: mine }, 'team_member');
    await app.grant(worker, { level: 'project', projectId: direct }, 'viewer');
    await app.grant(admin, { level: 'organisation', organisationId }, 'org_admin');
    const seenBy = async (userId: string) => ({
      organisations: (await app.call(membership.listOrganisations, { of: { kind: 'member', userId }, limit: 100 })).organisations.map((one) => one.organisationId),
      teams: (await app.call(membership.listTeams, { userId, limit: 100 })).teams.map(({ teamId }) => teamId),
      projects: (await app.call(membership.listProjects, { userId, limit: 100 })).projects.map(({ projectId }) => projectId),
    });
    expect(await seenBy(worker)).toEqual({ organisations: [], teams: [mine], projects: [direct, ofTeam] });
    expect(await seenBy(admin)).toEqual({ organisations: [organisationId], teams: [other, mine], projects: [neither, direct, ofTeam] });
    await app.grant(worker, { level: 'organisation', organisationId }, 'member');
    await app.database.execute(`UPDATE organisation_members SET status = 'inactive' WHERE user_id = ANY($1)`, [[worker, admin]]);
    for (const userId of [worker, admin]) expect(await seenBy(userId)).toEqual({ organisations: [], teams: [], projects: [] });
  });
});
