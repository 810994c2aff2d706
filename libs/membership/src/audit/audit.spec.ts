import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { auditSources, membership, permissionsOfLevel } from '#libs/contracts';
import { MembershipApp, slug } from '../spec-support/membership-app.js';

const actor = { type: 'credential' as const, id: 'k1' };
let app: MembershipApp;
beforeAll(async () => {
  app = await MembershipApp.start();
});

async function written() {
  const { entries } = await app.call(auditSources.membership.pending, { limit: 100 });
  if (entries.length > 0) await app.call(auditSources.membership.settle, { entryIds: entries.map(({ entryId }) => entryId) });
  return entries;
}

describe('what membership tells the audit trail', () => {
  it('is who made what, once, however often it is asked for', async () => {
    const [organisationId, teamId, projectId] = [uuidv7(), uuidv7(), uuidv7()];
    const organisation = { organisationId, name: 'Acme', slug: slug(), actor };
    const project = { projectId, organisationId, teamId, name: 'Shop', slug: slug(), actor };
    for (let times = 0; times < 2; times += 1) {
      await app.call(membership.createOrganisation, organisation);
      await app.call(membership.createTeam, { teamId, organisationId, name: 'Sales', actor });
      await app.call(membership.createProject, project);
    }
    const made = (type: string, id: string, after: string[], where: string | null = null) => expect.objectContaining({ actor, action: `${type}.created`, target: { type, id }, organisationId, projectId: where, before: [], after });
    expect(await written()).toEqual([made('organisation', organisationId, ['name', 'slug']), made('team', teamId, ['name']), made('project', projectId, ['name', 'slug', 'team_id'], projectId)]);
  });

  it('is who gave whom which role where, when that changed anything', async () => {
    const organisationId = await app.organisation();
    const teamId = await app.team(organisationId);
    const projectId = await app.project(organisationId);
    await written();
    const userId = uuidv7();
    const scopes = [
      [{ level: 'organisation' as const, organisationId }, 'member', { organisationId, projectId: null }],
      [{ level: 'team' as const, teamId }, 'team_admin', { organisationId, projectId: null }],
      [{ level: 'project' as const, projectId }, 'viewer', { organisationId: null, projectId }],
    ] as const;
    for (const [scope, role] of [...scopes, ...scopes]) await app.call(membership.grantRole, { userId, scope, role, actor });
    expect(await written()).toEqual(scopes.map(([, role, where]) => expect.objectContaining({ actor, action: 'role.granted', target: { type: 'user', id: userId }, ...where, before: [], after: [`role:${role}`] })));
  });

  it('is which role another one took the place of, and which status', async () => {
    const organisationId = await app.organisation();
    const projectId = await app.project(organisationId);
    const userId = await app.person(organisationId, 'Ada');
    const grantor = { actor, permissions: Object.values(permissionsOfLevel).flat(), everywhere: true };
    const [inOrganisation, inProject] = [{ level: 'organisation', organisationId }, { level: 'project', projectId }] as const;
    await app.call(membership.grantRole, { userId, scope: inProject, role: 'viewer', actor });
    await written();
    await app.call(membership.grantRole, { userId, scope: inOrganisation, role: 'org_admin', actor });
    await app.grant(uuidv7(), inOrganisation, 'org_admin');
    await app.call(membership.setMember, { userId, place: inOrganisation, role: 'member', status: 'inactive', grantor });
    await app.call(membership.setMember, { userId, place: inOrganisation, status: 'active', grantor });
    await app.call(membership.setMember, { userId, place: inProject, role: 'editor', grantor });
    await app.call(membership.removeMember, { userId, place: inProject, grantor });
    const told = (await written()).filter(({ target }) => target.id === userId).map(({ action, before, after }) => [action, before, after]);
    expect(told).toEqual([
      ['role.granted', ['role:member'], ['role:org_admin']],
      ['role.granted', ['role:org_admin', 'status:active'], ['role:member', 'status:inactive']],
      ['membership.changed', ['status:inactive'], ['status:active']],
      ['role.granted', ['role:viewer'], ['role:editor']],
      ['role.revoked', ['role:editor'], []],
    ]);
  });
});
