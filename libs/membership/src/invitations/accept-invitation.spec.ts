import { beforeAll, describe, expect, it } from '@jest/globals';
import { auditSources, membership, permissionsOfLevel, staffRealmId } from '#libs/contracts';
import { actor, address, InvitationWorld, password, refusal } from '../spec-support/invitation-world.js';

const grantor = { actor, permissions: Object.values(permissionsOfLevel).flat(), everywhere: true };

let world: InvitationWorld;
beforeAll(async () => {
  world = await InvitationWorld.start();
});

describe('accepting', () => {
  it('takes a password of somebody who has none, and goes on where it was broken off', async () => {
    const { scope } = await world.ofOrganisation();
    const { user } = await world.invite(address(), scope, 'member');
    const { token } = await world.newestMail(user.userId);
    expect(await refusal(world.accept(token, { password: null }))).toBe('password-required');
    world.people.away.add('identity.setPassword');
    expect(await refusal(world.accept(token))).toBe('service-unavailable');
    expect(await world.rolesOf(user.userId, scope)).toEqual([]);
    world.people.away.clear();
    await world.accept(token, { displayName: 'Ada' });
    await world.accept(token, { displayName: 'Bob', password: 'something else' });
    expect(world.people.people.get(user.userId)).toMatchObject({ password, displayName: 'Ada' });
  });

  it('that had begun when a newer mail took the place of its token goes through: the password is set by then, and the newer link would leave it', async () => {
    const { scope } = await world.ofOrganisation();
    const email = address();
    const { user } = await world.invite(email, scope, 'org_admin');
    const { token } = await world.newestMail(user.userId);
    world.people.meanwhile = () => world.invite(email, scope, 'member');
    const accepted = await world.accept(token).finally(() => (world.people.meanwhile = async () => undefined));
    expect([accepted.invitation.status, await world.rolesOf(user.userId, scope)]).toEqual(['accepted', ['member']]);
  });

  it.each([['org_admin', 'member'], ['member', 'org_admin']])('gives %s who was made %s meanwhile the later role', async (first, later) => {
    const { organisationId, scope } = await world.ofOrganisation();
    const email = address();
    const { user } = await world.invite(email, scope, first);
    expect((await world.app.call(membership.setMember, { userId: user.userId, place: scope, role: later, grantor })).status).toBe('invited');
    expect((await world.app.call(membership.listInvitations, { place: scope, limit: 10 })).invitations.map(({ role }) => role)).toEqual([later]);
    await world.accept((await world.newestMail(user.userId)).token);
    expect(await world.rolesOf(user.userId, scope)).toEqual([later]);
    const below = await world.invite(address(), { level: 'team', teamId: await world.app.team(organisationId) }, 'team_member');
    expect(await refusal(world.app.call(membership.setMember, { userId: below.user.userId, place: scope, role: 'org_admin', grantor }))).toBe('invitation-pending');
  });

  it('makes no administrator less', async () => {
    const { organisationId, scope } = await world.ofOrganisation();
    const email = address();
    const { user } = await world.invite(email, scope, 'org_admin');
    await world.accept((await world.newestMail(user.userId)).token);
    await world.invite(email, scope, 'member');
    await world.accept((await world.newestMail(user.userId)).token);
    expect(await world.rolesOf(user.userId, scope)).toEqual(['org_admin']);
    const teamId = await world.app.team(organisationId);
    for (const role of ['team_admin', 'team_member']) {
      await world.invite(email, { level: 'team', teamId }, role);
      await world.accept((await world.newestMail(user.userId)).token);
    }
    expect(await world.rolesOf(user.userId, { level: 'team', teamId })).toContain('team_admin');
  });

  it('is refused to somebody who was deactivated, or taken out of the organisation, since', async () => {
    const { organisationId } = await world.ofOrganisation();
    const email = address();
    const projectId = await world.app.project(organisationId);
    const { user } = await world.invite(email, { level: 'project', projectId }, 'editor');
    const { token } = await world.newestMail(user.userId);
    await world.app.database.execute(`UPDATE organisation_members SET status = 'inactive' WHERE user_id = $1`, [user.userId]);
    expect(await refusal(world.accept(token))).toBe('member-inactive');
    expect(world.people.people.get(user.userId)?.password ?? null).toBeNull();
    await world.app.database.execute('DELETE FROM organisation_members WHERE user_id = $1', [user.userId]);
    expect(await refusal(world.accept(token))).toBe('invitation-invalid');
    expect(await world.rolesOf(user.userId, { level: 'project', projectId })).toEqual([]);
  });

  it('of an unknown token, and of somebody who is being erased, is refused', async () => {
    expect(await refusal(world.accept('x'.repeat(43)))).toBe('invitation-invalid');
    const { scope } = await world.ofOrganisation();
    const { user } = await world.invite(address(), scope, 'member');
    const { token } = await world.newestMail(user.userId);
    await world.app.call(membership.hideMembers, { realmId: staffRealmId, userIds: [user.userId] });
    expect(await refusal(world.accept(token))).toBe('invitation-invalid');
    expect(await world.mailOf((await world.mailsOf(user.userId))[0]!)).toBeNull();
    expect((await world.app.call(membership.eraseMembers, { realmId: staffRealmId, userIds: [user.userId] })).erased).toMatchObject({ invitations: 1, organisation_members: 1 });
  });

  it('200 times at once makes one membership, one answer, and one entry in the audit trail', async () => {
    const { organisationId, scope } = await world.ofOrganisation();
    const { user, invitation } = await world.invite(address(), scope, 'member');
    const { token } = await world.newestMail(user.userId);
    const answers = await Promise.all(Array.from({ length: 200 }, (_, place) => world.accept(token, { password: `${password} ${place}` })));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ invitation: { invitationId: invitation.invitationId, status: 'accepted' }, user: { status: 'active' } });
    expect(await world.app.database.query('SELECT role, status FROM organisation_members WHERE organisation_id = $1', [organisationId])).toEqual([{ role: 'member', status: 'active' }]);
    const { entries } = await world.app.call(auditSources.membership.pending, { limit: 1_000 });
    expect(entries.filter(({ action, target }) => action === 'invitation.accepted' && target.id === user.userId)).toEqual([expect.objectContaining({ actor: { type: 'user', id: user.userId }, organisationId, after: ['role:member'] })]);
  });
});
