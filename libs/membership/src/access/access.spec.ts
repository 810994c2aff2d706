import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { membership, permissionsOfLevel, permissionsOfProjectRole, projectPermissions, systemActor } from '#libs/contracts';
import { MembershipApp } from '../spec-support/membership-app.js';

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

describe('access to a project', () => {
  const access = (userId: string, to = projectId) => app.call(membership.getProjectAccess, { userId, projectId: to });
  const nothing = { paths: [], permissions: [] };

  it('is nothing for somebody without a role, and in a project that is not there', async () => {
    expect(await access(uuidv7())).toEqual(nothing);
    expect(await access(uuidv7(), uuidv7())).toEqual(nothing);
  });

  it.each([
    ['deployment', 'super_admin', 'project_admin'],
    ['organisation', 'org_admin', 'project_admin'],
    ['team', 'team_admin', 'project_admin'],
    ['team', 'team_member', 'viewer'],
    ['project', 'project_admin', 'project_admin'],
    ['project', 'editor', 'editor'],
    ['project', 'viewer', 'viewer'],
  ] as const)('is given by the %s role %s as %s', async (level, role, projectRole) => {
    const userId = uuidv7();
    await app.grant(userId, { deployment: { level: 'deployment' } as const, organisation: { level: 'organisation', organisationId } as const, team: { level: 'team', teamId } as const, project: { level: 'project', projectId } as const }[level], role);
    expect(await access(userId)).toEqual({ paths: [{ level, role, projectRole }], permissions: [...permissionsOfProjectRole[projectRole]] });
  });

  it('is nothing for a plain member of the organisation', async () => {
    const userId = uuidv7();
    await app.grant(userId, { level: 'organisation', organisationId }, 'member');
    expect(await access(userId)).toEqual(nothing);
  });

  it('names every path and unites the permissions', async () => {
    const userId = uuidv7();
    await app.grant(userId, { level: 'team', teamId }, 'team_member');
    await app.grant(userId, { level: 'project', projectId }, 'editor');
    const { paths, permissions } = await access(userId);
    expect(paths).toEqual([
      { level: 'team', role: 'team_member', projectRole: 'viewer' },
      { level: 'project', role: 'editor', projectRole: 'editor' },
    ]);
    expect(permissions).toEqual(projectPermissions.filter((permission) => permissionsOfProjectRole.editor.includes(permission)));
  });

  it('does not reach siblings: another team, another project, another organisation', async () => {
    const userId = uuidv7();
    const elsewhere = await app.organisation();
    await app.grant(userId, { level: 'organisation', organisationId: elsewhere }, 'org_admin');
    await app.grant(userId, { level: 'team', teamId: await app.team(organisationId) }, 'team_admin');
    await app.grant(userId, { level: 'project', projectId: await app.project(organisationId, teamId) }, 'project_admin');
    expect(await access(userId)).toEqual(nothing);
  });

  it('is gone in a whole organisation for somebody who is not active there, and stays elsewhere', async () => {
    const userId = uuidv7();
    const elsewhere = await app.organisation();
    const projectElsewhere = await app.project(elsewhere);
    await app.grant(userId, { level: 'organisation', organisationId }, 'org_admin');
    await app.grant(userId, { level: 'team', teamId }, 'team_admin');
    await app.grant(userId, { level: 'project', projectId }, 'viewer');
    await app.grant(userId, { level: 'organisation', organisationId: elsewhere }, 'org_admin');
    for (const status of ['inactive', 'invited']) {
      await app.database.execute('UPDATE organisation_members SET status = $1 WHERE organisation_id = $2 AND user_id = $3', [status, organisationId, userId]);
      expect(await access(userId)).toEqual(nothing);
      expect((await access(userId, projectElsewhere)).permissions).toEqual([...projectPermissions]);
      expect((await app.call(membership.getStaffRoles, { userId })).organisations.map((one) => one.organisationId)).toEqual([elsewhere]);
    }
  });
});

describe('access at a place', () => {
  const organisation = () => ({ level: 'organisation', organisationId }) as const;
  const team = () => ({ level: 'team', teamId }) as const;
  const project = () => ({ level: 'project', projectId }) as const;
  const at = (userId: string, place: membership.Scope) => app.call(membership.getAccess, { userId, place });

  it('names of the roles on the way those that allow something there, each with what it allows', async () => {
    const userId = uuidv7();
    await app.grant(userId, organisation(), 'member');
    await app.grant(userId, team(), 'team_member');
    await app.grant(userId, project(), 'editor');
    const viewer = ['users:read', 'events:read', 'project:read', 'staff:read', 'staff:list'];
    const editor = ['users:read', 'events:read', 'events:write', 'segments:write', 'project:read', 'staff:read', 'staff:list'];
    expect(await at(userId, project())).toMatchObject({ roles: [{ level: 'team', role: 'team_member', permissions: viewer }, { level: 'project', role: 'editor', permissions: editor }], permissions: editor });
    expect((await at(userId, team())).roles).toMatchObject([{ level: 'team', role: 'team_member' }]);
    expect((await at(userId, organisation())).roles).toMatchObject([{ level: 'organisation', role: 'member' }]);
  });

  it('has a plain member of the organisation belong to its teams and projects, with no role there', async () => {
    const userId = uuidv7();
    await app.grant(userId, organisation(), 'member');
    for (const place of [team(), project()]) expect(await at(userId, place)).toMatchObject({ belongs: true, roles: [], permissions: [] });
  });

  it('says what a role allows that the project defined, beside one of the table', async () => {
    const userId = uuidv7();
    await app.call(membership.putProjectRole, { projectId, role: 'segmenter', permissions: ['segments:write'], grantor: { actor: systemActor, permissions: [...projectPermissions] } });
    await app.grant(userId, team(), 'team_member');
    await app.call(membership.setMember, { userId, place: project(), role: 'segmenter', grantor: { actor: systemActor, permissions: Object.values(permissionsOfLevel).flat(), everywhere: true } });
    const { roles } = await at(userId, project());
    expect(roles).toEqual([
      { level: 'team', role: 'team_member', permissions: ['users:read', 'events:read', 'project:read', 'staff:read', 'staff:list'] },
      { level: 'project', role: 'segmenter', permissions: ['segments:write', 'project:read', 'staff:read', 'staff:list'] },
    ]);
  });
});

describe('access of a project’s own user', () => {
  it('is to users, events and segments, by roles that they were given; they have no part in the administration', async () => {
    const app = await MembershipApp.start();
    const projectId = await app.project(await app.organisation());
    const userId = uuidv7();
    const grantor = { actor: systemActor, permissions: [...projectPermissions] };
    await app.call(membership.putProjectRole, { projectId, role: 'segmenter', permissions: ['segments:write'], grantor });
    await app.call(membership.setProjectRoles, { projectId, userId, roles: ['project_admin', 'segmenter'], grantor });
    expect(await app.call(membership.getAccess, { userId, place: { level: 'project', projectId } })).toMatchObject({
      roles: [{ level: 'project', role: 'project_admin', permissions: [...projectPermissions] }, { level: 'project', role: 'segmenter', permissions: ['segments:write'] }],
      permissions: [...projectPermissions],
    });
  });
});

describe('roles above projects', () => {
  it('are told with the names of the organisations', async () => {
    const app = await MembershipApp.start();
    const userId = uuidv7();
    const organisationId = await app.organisation();
    await app.grant(userId, { level: 'organisation', organisationId }, 'org_admin');
    const organisations = [{ organisationId, name: 'An organisation', role: 'org_admin' }];
    expect(await app.call(membership.getStaffRoles, { userId })).toEqual({ globalRole: null, organisations });
    await app.grant(userId, { level: 'deployment' }, 'super_admin');
    expect(await app.call(membership.getStaffRoles, { userId })).toEqual({ globalRole: 'super_admin', organisations });
    expect(await app.call(membership.getStaffRoles, { userId: uuidv7() })).toEqual({ globalRole: null, organisations: [] });
  });
});
