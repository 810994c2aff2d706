import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { membership } from '#libs/contracts';
import { actor, address, InvitationWorld, refusal } from '../spec-support/invitation-world.js';

let world: InvitationWorld;
beforeAll(async () => {
  world = await InvitationWorld.start();
});

describe('the list of invitations', () => {
  it('is of a place and what lies in it, by status, newest first, with what became of the mails', async () => {
    const { organisationId, scope } = await world.ofOrganisation();
    const teamId = await world.app.team(organisationId);
    const inTeam = await world.invite(address(), { level: 'team', teamId }, 'team_member');
    const inOrganisation = await world.invite(address(), scope, 'member');
    const inProject = await world.invite(address(), { level: 'project', projectId: await world.app.project(organisationId) }, 'editor');
    await world.app.call(membership.cancelInvitation, { invitationId: inOrganisation.invitation.invitationId, actor });
    world.people.mails.set((await world.mailsOf(inProject.user.userId))[0]!, 'sent');
    world.people.mails.set((await world.mailsOf(inOrganisation.user.userId))[0]!, 'dropped');
    const list = async (place: membership.Scope, more: { status?: 'pending'; limit?: number; after?: string } = {}) => world.app.call(membership.listInvitations, { place, limit: 10, ...more });
    const shown = (await list(scope)).invitations.map(({ invitationId, status, emailStatus }) => [invitationId, status, emailStatus]);
    expect(shown).toEqual([
      [inProject.invitation.invitationId, 'pending', 'sent'],
      [inOrganisation.invitation.invitationId, 'cancelled', 'failed'],
      [inTeam.invitation.invitationId, 'pending', 'queued'],
    ]);
    expect((await list(scope, { status: 'pending' })).invitations).toHaveLength(2);
    expect((await list({ level: 'team', teamId })).invitations).toHaveLength(1);
    const first = await list(scope, { limit: 2 });
    const second = await list(scope, { limit: 2, after: first.nextCursor! });
    expect([...first.invitations, ...second.invitations].map(({ invitationId }) => invitationId)).toEqual(shown.map(([id]) => id));
    expect(second.nextCursor).toBeNull();
    expect(await refusal(list({ level: 'deployment' }, { after: first.nextCursor! }))).toBe('invalid-cursor');
    world.people.away.add('operations.describeMails');
    expect((await list(scope)).invitations.map(({ emailStatus }) => emailStatus)).toEqual([null, null, null]);
    world.people.away.clear();
  });

  it('has its last mail told in the list of people, to those who see where it leads, until it is accepted', async () => {
    const { organisationId, scope } = await world.ofOrganisation();
    const elsewhere = await world.ofOrganisation();
    const email = address();
    const { user: { userId } } = await world.invite(email, { level: 'team', teamId: await world.app.team(organisationId) }, 'team_member');
    await world.app.grant(uuidv7(), scope, 'member');
    const everybody = { kind: 'key', organisationId: null, projectId: null, roles: ['super_admin'] } as membership.Viewer;
    const keyOf = (place: string): membership.Viewer => ({ kind: 'key', organisationId: place, projectId: null, roles: ['org_admin'] });
    const listed = async (place: membership.MemberPlace, viewer = everybody) => (await world.app.call(membership.listStaff, { place, limit: 10, sortBy: 'created_at', descending: false, viewer })).users.map((one) => [one.userId === userId, one.emailStatus]);
    const [mail] = await world.mailsOf(userId);
    world.people.mails.set(mail!, 'failed');
    expect(await listed(scope)).toEqual([[true, 'failed'], [false, undefined]]);
    await world.invite(email, scope, 'member');
    expect(await listed(scope)).toEqual([[true, 'queued'], [false, undefined]]);
    await world.invite(email, elsewhere.scope, 'member');
    world.people.mails.set((await world.mailsOf(userId))[2]!, 'sent');
    expect((await listed(elsewhere.scope, keyOf(elsewhere.organisationId)))).toEqual([[true, 'sent']]);
    expect((await listed(scope, keyOf(organisationId)))[0]).toEqual([true, 'queued']);
    expect((await world.app.call(membership.getStaffMember, { userId, viewer: keyOf(organisationId) })).emailStatus).toBe('queued');
    world.people.away.add('operations.describeMails');
    expect(await listed(scope)).toEqual([[true, null], [false, undefined]]);
    world.people.away.clear();
    await world.accept((await world.newestMail(userId)).token);
    expect(await listed(elsewhere.scope, keyOf(elsewhere.organisationId))).toEqual([[true, undefined]]);
  });

  it('forgets what led into something that was deleted', async () => {
    const { organisationId } = await world.ofOrganisation();
    const teamId = await world.app.team(organisationId);
    const { invitation: { invitationId } } = await world.invite(address(), { level: 'team', teamId }, 'team_member');
    await world.app.call(membership.deleteTeam, { teamId, actor });
    expect(await refusal(world.app.call(membership.getInvitation, { invitationId }))).toBe('invitation-not-found');
  });
});
