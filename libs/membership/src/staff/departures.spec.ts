import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { auditSources, getMail, membership, permissionsOfLevel, projectPermissions, staffRealmId, type Actor } from '#libs/contracts';
import { ExpireInvitations } from '../invitations/expire-invitations.js';
import { MembershipApp } from '../spec-support/membership-app.js';
import { PeopleStandIn } from '../spec-support/people-stand-in.js';

const actor: Actor = { type: 'credential', id: 'root' };
const root = { actor, permissions: Object.values(permissionsOfLevel).flat(), everywhere: true };
const everything: membership.Viewer = { kind: 'key', organisationId: null, projectId: null, roles: ['super_admin'] };
let app: MembershipApp;
beforeAll(async () => {
  app = await MembershipApp.start([PeopleStandIn]);
});

const org = (organisationId: string) => ({ level: 'organisation', organisationId }) as const;
const inTeam = (teamId: string) => ({ level: 'team', teamId }) as const;
const inProject = (projectId: string) => ({ level: 'project', projectId }) as const;
const isDeleted = async (userId: string) => (await app.call(membership.isStaffDeleted, { userId })).deleted;
const remove = (userId: string, place: membership.MemberPlace) => app.call(membership.removeMember, { userId, place, grantor: root });
let count = 0;
const invite = (scope: membership.Scope, role: string, email = `leaver-${(count += 1)}@example.com`) => app.call(membership.inviteUser, { invitationId: uuidv7(), newUserId: uuidv7(), email, scope, role, actor });
const mailsOf = async (userId: string) => (await app.events('membership.mail.requested')).filter((data) => data['userId'] === userId).map((data) => data['mailId'] as string);
const mailOf = async (userId: string) => (await app.call(getMail.membership, { realmId: staffRealmId, mailId: (await mailsOf(userId)).at(-1)! })).mail;
const tokenOf = async (userId: string) => ((await mailOf(userId))!.content as { token: string }).token;

/** Somebody with one role, at one place. */
async function holder(scope: membership.Scope, role: string): Promise<string> {
  const userId = uuidv7();
  await app.grant(userId, scope, role);
  return userId;
}

async function places() {
  const organisationId = await app.organisation();
  const teamId = await app.team(organisationId);
  return { organisationId, teamId, projectId: await app.project(organisationId) };
}

describe('somebody who loses their last membership', () => {
  it('is deleted, which is told and written down; not while there is another, anywhere', async () => {
    const [organisationId, other] = [await app.organisation(), await app.organisation()];
    const userId = await holder(org(organisationId), 'member');
    await app.grant(userId, org(other), 'member');
    await remove(userId, org(organisationId));
    expect(await isDeleted(userId)).toBe(false);
    await remove(userId, org(other));
    expect(await isDeleted(userId)).toBe(true);
    expect((await app.events('membership.staff.deleted')).filter((data) => data['userId'] === userId)).toHaveLength(1);
    const { entries } = await app.call(auditSources.membership.pending, { limit: 1_000 });
    expect(entries.at(-1)).toMatchObject({ actor, action: 'user.deleted', target: { type: 'user', id: userId }, organisationId: other });
    expect((await app.call(membership.getStaffMember, { userId, viewer: everything })).deletedAt).not.toBeNull();
    expect((await app.call(membership.takeExpiredStaff, { olderThanSeconds: 0 })).users).toContainEqual({ userId, organisationIds: [other] });
    const { organisationIds } = await app.call(membership.hideMembers, { realmId: staffRealmId, userIds: [userId] });
    expect(organisationIds).toEqual([other]);
  });

  const ways: Record<string, () => Promise<string>> = {
    'a role in a team is taken': async () => {
      const { teamId } = await places();
      const userId = await holder(inTeam(teamId), 'team_member');
      await remove(userId, inTeam(teamId));
      return userId;
    },
    'a role in a project is taken, by the project': async () => {
      const { projectId } = await places();
      const userId = await holder(inProject(projectId), 'viewer');
      await app.call(membership.removeStaffFromProject, { projectId, userId, grantor: { actor, permissions: [...projectPermissions] } });
      return userId;
    },
    'they are super administrator no longer': async () => {
      const userId = await holder({ level: 'deployment' }, 'super_admin');
      await holder({ level: 'deployment' }, 'super_admin');
      await app.call(membership.changeStaff, { userId, globalRole: null, changesPerson: false, tryOut: false, viewer: everything, actor });
      return userId;
    },
    'their invitation is taken back': async () => {
      const { invitation } = await invite(org((await places()).organisationId), 'member');
      await app.call(membership.cancelInvitation, { invitationId: invitation.invitationId, actor });
      return invitation.userId;
    },
    'their invitation expires': async () => {
      const { invitation } = await invite(inTeam((await places()).teamId), 'team_member');
      await app.database.execute(`UPDATE invitations SET created_at = now() - interval '9 days', expires_at = now() - interval '1 second' WHERE invitation_id = $1`, [invitation.invitationId]);
      await app.provider(ExpireInvitations).expire();
      return invitation.userId;
    },
    'their team is deleted': async () => {
      const { teamId } = await places();
      const userId = await holder(inTeam(teamId), 'team_member');
      await app.call(membership.deleteTeam, { teamId, actor });
      return userId;
    },
    'the project that they were invited to is deleted': async () => {
      const { projectId, organisationId } = await places();
      const { invitation } = await invite(inProject(projectId), 'viewer');
      await app.call(membership.deleteProject, { projectId, actor });
      expect((await app.call(membership.listStaff, { place: org(organisationId), limit: 10, sortBy: 'name', descending: false, viewer: everything })).users).toEqual([]);
      return invitation.userId;
    },
    'their organisation is deleted': async () => {
      const organisationId = await app.organisation();
      const userId = await holder(org(organisationId), 'org_admin');
      await app.call(membership.deleteOrganisation, { organisationId, actor });
      return userId;
    },
  };
  it.each(Object.keys(ways))('is deleted also when %s', async (way) => {
    expect(await isDeleted(await ways[way]!())).toBe(true);
  });

  it('is no user of a project: they stay when its roles end', async () => {
    const { projectId } = await places();
    const userId = uuidv7();
    await app.call(membership.setProjectRoles, { projectId, userId, roles: ['viewer'], grantor: { actor, permissions: [...projectPermissions] } });
    await app.call(membership.deleteProject, { projectId, actor });
    expect(await isDeleted(userId)).toBe(false);
  });
});

describe('somebody who was deleted longer ago than people are kept', () => {
  const take = async (olderThanSeconds: number) => (await app.call(membership.takeExpiredStaff, { olderThanSeconds })).users.map(({ userId }) => userId);
  const restore = (userId: string) => app.outcome(membership.restoreStaff, { userId, viewer: everything, actor });

  /** Deleted so many days ago. */
  async function deleted(days: number): Promise<string> {
    const userId = await holder(org((await places()).organisationId), 'member');
    await app.call(membership.deleteStaff, { userId, viewer: everything, actor });
    await app.database.execute('UPDATE members SET deleted_at = now() - make_interval(days => $2) WHERE user_id = $1', [userId, days]);
    return userId;
  }

  it('is taken for erasure, and again until it is done; who was deleted later or is back is not', async () => {
    const [first, second, later, back] = [await deleted(40), await deleted(31), await deleted(29), await deleted(31)];
    expect(await restore(back)).toBe('ok');
    const month = 30 * 86_400;
    for (let twice = 0; twice < 2; twice += 1) {
      const taken = await take(month);
      expect(taken.filter((userId) => [first, second, later, back].includes(userId)).sort()).toEqual([first, second].sort());
    }
    expect(await restore(first)).toBe('user-not-found');
    await app.call(membership.eraseMembers, { realmId: staffRealmId, userIds: [first] });
    expect(await take(month)).not.toContain(first);
    expect(await take(month)).toContain(second);
    expect(await restore(later)).toBe('ok');
    expect(await take(0)).not.toContain(later);
  });

  it('is either restored or taken when both are asked for at once', async () => {
    const people = await Promise.all(Array.from({ length: 30 }, () => deleted(31)));
    const [taken, ...restored] = await Promise.all([take(30 * 86_400), ...people.map(restore)]);
    const again = await take(30 * 86_400);
    people.forEach((userId, n) => expect([restored[n], again.includes(userId)]).toEqual(restored[n] === 'ok' ? ['ok', false] : ['user-not-found', true]));
    expect(taken.every((userId) => again.includes(userId))).toBe(true);
  });
});

describe('somebody who is deleted and invited', () => {
  it('is back, with the invitation and nothing of what they had', async () => {
    const [former, next] = [await app.organisation(), await app.organisation()];
    const email = `back-${uuidv7()}@example.com`;
    const { user: { userId } } = await invite(org(former), 'org_admin', email);
    await app.call(membership.acceptInvitation, { token: await tokenOf(userId), password: 'correct horse battery', displayName: null });
    await app.grant(uuidv7(), org(former), 'org_admin');
    await app.call(membership.deleteStaff, { userId, viewer: everything, actor });
    const again = await invite(org(next), 'member', email);
    expect(again.user).toMatchObject({ userId, status: 'invited', organisations: [{ organisationId: next, status: 'invited' }] });
    expect(await isDeleted(userId)).toBe(false);
    await app.call(membership.acceptInvitation, { token: await tokenOf(userId), password: null, displayName: null });
    expect((await app.call(membership.getStaffMember, { userId, viewer: everything })).roles.map(({ organisationId, status }) => [organisationId, status])).toEqual([[next, 'active']]);
  });

  it('accepts nothing that was sent before, until it is sent again', async () => {
    const { invitation } = await invite(org(await app.organisation()), 'member');
    const { userId, invitationId } = invitation;
    const token = await tokenOf(userId);
    await app.call(membership.deleteStaff, { userId, viewer: everything, actor });
    expect(await app.outcome(membership.acceptInvitation, { token, password: 'correct horse battery', displayName: null })).toBe('invitation-invalid');
    expect(await mailOf(userId)).toBeNull();
    await app.call(membership.resendInvitation, { invitationId, actor });
    expect(await app.outcome(membership.acceptInvitation, { token: await tokenOf(userId), password: 'correct horse battery', displayName: null })).toBe('ok');
    expect(await isDeleted(userId)).toBe(false);
  });

  it('at the moment when they lose their last membership is never both: deleted, and awaited', async () => {
    const [left, next] = [await app.organisation(), await app.organisation()];
    const people = await Promise.all(Array.from({ length: 25 }, async () => {
      const email = `both-${uuidv7()}@example.com`;
      const { user: { userId }, invitation } = await invite(org(left), 'member', email);
      return { userId, email, invitationId: invitation.invitationId };
    }));
    const outcomes = await Promise.all(people.flatMap(({ userId, email, invitationId }, n) => {
      const leave = () => (n % 2 === 0 ? app.outcome(membership.removeMember, { userId, place: org(left), grantor: root }) : app.outcome(membership.cancelInvitation, { invitationId, actor }));
      const come = () => invite(org(next), 'member', email).then(() => 'ok', (error: { value?: { code: string } }) => error.value?.code ?? String(error));
      return n % 3 === 0 ? [leave(), come()] : [come(), leave()];
    }));
    expect(outcomes.filter((outcome) => outcome !== 'ok')).toEqual([]);
    for (const { userId } of people) {
      expect(await isDeleted(userId)).toBe(false);
      expect((await app.call(membership.getStaffMember, { userId, viewer: everything })).roles).toMatchObject([{ organisationId: next, status: 'invited' }]);
    }
  });
});
