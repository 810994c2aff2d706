import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { auditSources, membership, permissionsOfLevel } from '#libs/contracts';
import { actor, address, InvitationWorld, refusal } from '../spec-support/invitation-world.js';
import { ExpireInvitations } from './expire-invitations.js';

const grantor = { actor, permissions: Object.values(permissionsOfLevel).flat(), everywhere: true };

let world: InvitationWorld;
beforeAll(async () => {
  world = await InvitationWorld.start();
});

describe('the end of an invitation', () => {
  it('comes with its term, whether the sweep has been there or not; sent again it is good again', async () => {
    const { organisationId, scope } = await world.ofOrganisation();
    const { user, invitation } = await world.invite(address(), scope, 'member');
    const { token } = await world.newestMail(user.userId);
    await world.age(invitation.invitationId);
    expect(await refusal(world.accept(token))).toBe('invitation-expired');
    expect((await world.app.call(membership.getInvitation, invitation)).status).toBe('expired');
    const expiry = world.app.provider(ExpireInvitations);
    await Promise.all([expiry.expire(), expiry.expire()]);
    expect(await world.app.database.query('SELECT FROM organisation_members WHERE organisation_id = $1', [organisationId])).toEqual([]);
    const { entries } = await world.app.call(auditSources.membership.pending, { limit: 1_000 });
    expect(entries.filter(({ action, target }) => action === 'invitation.expired' && target.id === user.userId)).toHaveLength(1);
    expect(await refusal(world.accept(token))).toBe('invitation-expired');

    const again = await world.app.call(membership.resendInvitation, { invitationId: invitation.invitationId, actor });
    expect(again).toMatchObject({ status: 'pending', closedAt: null });
    await world.accept((await world.newestMail(user.userId)).token);
    expect(await world.rolesOf(user.userId, scope)).toEqual(['member']);
  });

  it('comes when it is taken back, once; what was accepted can’t be', async () => {
    const { organisationId, scope } = await world.ofOrganisation();
    const { user, invitation: { invitationId } } = await world.invite(address(), scope, 'member');
    const { token } = await world.newestMail(user.userId);
    for (let times = 0; times < 2; times += 1) await world.app.call(membership.cancelInvitation, { invitationId, actor });
    expect(await refusal(world.accept(token))).toBe('invitation-invalid');
    expect(await refusal(world.app.call(membership.resendInvitation, { invitationId, actor }))).toBe('invitation-closed');
    expect(await world.app.database.query('SELECT FROM organisation_members WHERE organisation_id = $1', [organisationId])).toEqual([]);
    const accepted = await world.invite(address(), scope, 'member');
    await world.accept((await world.newestMail(accepted.user.userId)).token);
    expect(await refusal(world.app.call(membership.cancelInvitation, { invitationId: accepted.invitation.invitationId, actor }))).toBe('invitation-closed');
    expect(await refusal(world.app.call(membership.cancelInvitation, { invitationId: uuidv7(), actor }))).toBe('invitation-not-found');
  });

  it('leaves somebody invited whom another invitation of the organisation waits for', async () => {
    const { organisationId, scope } = await world.ofOrganisation();
    const email = address();
    const first = await world.invite(email, scope, 'member');
    await world.invite(email, { level: 'team', teamId: await world.app.team(organisationId) }, 'team_member');
    await world.app.call(membership.cancelInvitation, { invitationId: first.invitation.invitationId, actor });
    expect(await world.app.database.query('SELECT status FROM organisation_members WHERE organisation_id = $1', [organisationId])).toEqual([{ status: 'invited' }]);
  });

  it.each(['taken back', 'expired'])('takes what the person was given in teams and projects meanwhile: %s', async (how) => {
    const { organisationId, scope } = await world.ofOrganisation();
    const [teamId, projectId] = [await world.app.team(organisationId), await world.app.project(organisationId)];
    const { user, invitation } = await world.invite(address(), scope, 'member');
    for (const [place, role] of [[{ level: 'team', teamId }, 'team_admin'], [{ level: 'project', projectId }, 'editor']] as const) {
      await world.app.call(membership.setMember, { userId: user.userId, place, role, grantor });
      expect(await world.rolesOf(user.userId, place)).toEqual([]);
    }
    // They belong somewhere else too, and are not deleted.
    await world.app.grant(user.userId, { level: 'organisation', organisationId: await world.app.organisation() }, 'member');
    if (how === 'expired') {
      await world.age(invitation.invitationId);
      await world.app.provider(ExpireInvitations).expire();
    } else await world.app.call(membership.cancelInvitation, { invitationId: invitation.invitationId, actor });
    for (const place of [scope, { level: 'team', teamId }, { level: 'project', projectId }] as const) expect(await world.rolesOf(user.userId, place)).toEqual([]);
  });

  it('comes when the person is taken out of the organisation', async () => {
    const { organisationId, scope } = await world.ofOrganisation();
    const email = address();
    const { user } = await world.invite(email, scope, 'member');
    const { token } = await world.newestMail(user.userId);
    await world.invite(email, { level: 'team', teamId: await world.app.team(organisationId) }, 'team_member');
    await world.app.call(membership.removeMember, { userId: user.userId, place: scope, grantor });
    expect((await world.app.call(membership.listInvitations, { place: scope, limit: 10 })).invitations.map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
    expect(await refusal(world.accept(token))).toBe('invitation-invalid');
    expect(world.people.people.get(user.userId)?.password ?? null).toBeNull();
    expect((await world.app.call(membership.isStaffDeleted, { userId: user.userId })).deleted).toBe(true);
  });

  it('of one that expired and has a successor is final', async () => {
    const { scope } = await world.ofOrganisation();
    const email = address();
    const { invitation: { invitationId } } = await world.invite(email, scope, 'member');
    await world.age(invitationId);
    await world.app.provider(ExpireInvitations).expire();
    expect((await world.invite(email, scope, 'member')).created).toBe(true);
    expect(await refusal(world.app.call(membership.resendInvitation, { invitationId, actor }))).toBe('invitation-closed');
  });
});
