import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { auditSources, membership } from '#libs/contracts';
import { actor, address, InvitationWorld, password, refusal } from '../spec-support/invitation-world.js';

let world: InvitationWorld;
beforeAll(async () => {
  world = await InvitationWorld.start();
});

describe('an invitation', () => {
  it('makes a new person, who is invited and may nothing, and asks for one mail with a link', async () => {
    const { organisationId, scope } = await world.ofOrganisation();
    const email = address();
    const { invitation, user, created, profile } = await world.invite(email, scope, 'org_admin');
    expect(created).toBe(true);
    expect(profile).toMatchObject({ userId: user.userId, email, displayName: null, isActive: true });
    expect(invitation).toMatchObject({ userId: user.userId, email, role: 'org_admin', organisationId, teamId: null, projectId: null, status: 'pending', emailStatus: 'queued', invitedBy: actor, closedAt: null });
    expect(Date.parse(invitation.expiresAt) - Date.parse(invitation.createdAt)).toBe(7 * 86_400_000);
    expect(user).toEqual({ userId: user.userId, status: 'invited', globalRole: null, organisations: [{ organisationId, name: 'An organisation', role: 'org_admin', status: 'invited' }] });
    expect(await world.rolesOf(user.userId, scope)).toEqual([]);
    const mail = await world.newestMail(user.userId);
    expect(mail).toMatchObject({ to: email, organisation: 'An organisation', place: null, role: 'org_admin', inviter: null, expiresAt: invitation.expiresAt });
    expect(mail.token).toMatch(/^[\w-]{43}$/);
    const stored = await world.app.database.query('SELECT token_hash FROM invitations WHERE invitation_id = $1', [invitation.invitationId]);
    expect(JSON.stringify(stored)).not.toContain(mail.token);
  });

  it.each([
    ['team', 'team_admin'],
    ['project', 'viewer'],
  ] as const)('into a %s gives that role there when it is accepted, and makes a member of the organisation', async (level, role) => {
    const { organisationId, scope: organisation } = await world.ofOrganisation();
    const place = level === 'team' ? ({ level, teamId: await world.app.team(organisationId) } as const) : ({ level, projectId: await world.app.project(organisationId) } as const);
    const { user } = await world.invite(address(), place, role);
    expect(user.organisations).toMatchObject([{ role: 'member', status: 'invited' }]);
    expect((await world.newestMail(user.userId)).place).not.toBeNull();
    const accepted = await world.accept((await world.newestMail(user.userId)).token);
    expect(accepted.user).toMatchObject({ status: 'active', organisations: [{ role: 'member', status: 'active' }] });
    expect(await world.rolesOf(user.userId, place)).toContain(role);
    expect(await world.rolesOf(user.userId, organisation)).toEqual(['member']);
  });

  it('of a person who is there, by whatever case of the address, gives them a further membership and leaves their password', async () => {
    const [first, second] = [await world.ofOrganisation(), await world.ofOrganisation()];
    const email = address();
    const one = await world.invite(email, first.scope, 'member');
    await world.accept((await world.newestMail(one.user.userId)).token);
    const other = await world.invite(email.toUpperCase(), second.scope, 'org_admin');
    expect(other.user.userId).toBe(one.user.userId);
    expect(other.user.status).toBe('active');
    await world.accept((await world.newestMail(one.user.userId)).token, { password: 'another one entirely' });
    expect(world.people.people.get(one.user.userId)!.password).toBe(password);
    expect([await world.rolesOf(one.user.userId, first.scope), await world.rolesOf(one.user.userId, second.scope)]).toEqual([['member'], ['org_admin']]);
  });

  it('is refused for a role of another level, for a place that is not there, and for a role that they have', async () => {
    const { scope } = await world.ofOrganisation();
    expect(await refusal(world.invite(address(), scope, 'viewer'))).toBe('role-unknown');
    expect(await refusal(world.invite(address(), { level: 'team', teamId: uuidv7() }, 'team_member'))).toBe('team-not-found');
    const email = address();
    const { user } = await world.invite(email, scope, 'member');
    await world.accept((await world.newestMail(user.userId)).token);
    expect(await refusal(world.invite(email, scope, 'member'))).toBe('role-held');
    await world.app.database.execute(`UPDATE organisation_members SET status = 'inactive' WHERE user_id = $1`, [user.userId]);
    expect(await refusal(world.invite(email, scope, 'org_admin'))).toBe('member-inactive');
  });

  it('that was broken off after the address was taken goes on when it is asked for again', async () => {
    const { scope } = await world.ofOrganisation();
    const email = address();
    world.people.away.add('profiles.upsertUser');
    expect(await refusal(world.invite(email, scope, 'member'))).toBe('service-unavailable');
    world.people.away.clear();
    const { user, created } = await world.invite(email, scope, 'member');
    expect(created).toBe(true);
    await world.accept((await world.newestMail(user.userId)).token);
  });

  it('waits for an erasure that profiles has begun and identity has not heard of, and is somebody new’s then', async () => {
    const { scope } = await world.ofOrganisation();
    const email = address();
    const { user } = await world.invite(email, scope, 'member');
    Object.assign(world.people.people.get(user.userId)!, { hasProfile: false, isErased: true });
    expect(await refusal(world.invite(email, scope, 'member'))).toBe('service-unavailable');
    world.people.people.delete(user.userId);
    expect((await world.invite(email, scope, 'member')).user.userId).not.toBe(user.userId);
  });
});

describe('many invitations at once', () => {
  it('are each answered for itself, and refuse those alone who need none; names and addresses are in the lists by then', async () => {
    const [here, elsewhere] = [await world.ofOrganisation(), await world.ofOrganisation()];
    const member = address();
    const { user: accepted } = await world.invite(member, here.scope, 'member');
    await world.accept((await world.newestMail(accepted.userId)).token);
    const inactive = address();
    const { user: deactivated } = await world.invite(inactive, here.scope, 'member');
    await world.app.database.execute(`UPDATE organisation_members SET status = 'inactive' WHERE user_id = $1`, [deactivated.userId]);
    const team = { level: 'team', teamId: await world.app.team(here.organisationId) } as const;
    const wanted: [string, membership.Scope, string][] = [
      ...Array.from({ length: 12 }, (): [string, membership.Scope, string] => [address(), here.scope, 'member']),
      [member, here.scope, 'member'],
      [inactive, here.scope, 'org_admin'],
      [address(), team, 'team_admin'],
      [address(), elsewhere.scope, 'org_admin'],
      [address(), { level: 'project', projectId: uuidv7() }, 'viewer'],
      [address(), { level: 'deployment' }, 'super_admin'],
    ];
    const outcomes = await Promise.all(wanted.map((one) => refusal(world.invite(...one))));
    expect(outcomes).toEqual(wanted.map(([email, scope]) => (email === member ? 'role-held' : email === inactive ? 'member-inactive' : scope.level === 'project' ? 'project-not-found' : 'ok')));
    const listed = await world.app.database.query<{ email: string; role: string }>(
      'SELECT d.email_key AS email, m.role FROM organisation_members m JOIN listings l ON l.scope_id = m.organisation_id AND l.user_id = m.user_id AND l.email_key <> $2 JOIN directory d ON d.user_id = m.user_id WHERE m.organisation_id = $1 AND m.status = $3',
      [here.organisationId, '', 'invited'],
    );
    expect(listed.map(({ email }) => email).sort()).toEqual(wanted.filter(([email, { level }], place) => outcomes[place] === 'ok' && email !== wanted[15]![0] && level !== 'deployment').map(([email]) => email).sort());
    const entries = (await world.app.call(auditSources.membership.pending, { limit: 1_000 })).entries.filter(({ action, organisationId }) => action === 'user.invited' && organisationId === elsewhere.organisationId);
    expect(entries).toMatchObject([{ after: ['role:org_admin'], actor }]);
  });
});

describe('inviting under an idempotency key', () => {
  it('is done once, however often the request is repeated, and each time answered by the invitation as it is now', async () => {
    const { scope } = await world.ofOrganisation();
    const email = address();
    const { invitation: { invitationId }, user: { userId } } = await world.inviteOnce(email, scope, 'member', 'once');
    await world.accept((await world.newestMail(userId)).token);
    expect(await world.inviteOnce(email, scope, 'member', 'once')).toMatchObject({ created: false, invitation: { invitationId, status: 'accepted' }, user: { userId, status: 'active' } });
    expect(await world.mailsOf(userId)).toHaveLength(1);
    expect(await refusal(world.inviteOnce(email, scope, 'org_admin', 'once', 'another request'))).toBe('idempotency-key-reused');
  });

  it('does not make anybody anew who was erased since', async () => {
    const { scope } = await world.ofOrganisation();
    const email = address();
    const { user: { userId } } = await world.inviteOnce(email, scope, 'member', 'erased');
    await world.app.database.execute('DELETE FROM invitations WHERE user_id = $1', [userId]);
    world.people.people.delete(userId);
    expect(await refusal(world.inviteOnce(email, scope, 'member', 'erased'))).toBe('invitation-not-found');
    expect([...world.people.people.values()].map((person) => person.email)).not.toContain(email);
  });

  it('takes the key for itself only when it is not refused', async () => {
    const { scope } = await world.ofOrganisation();
    expect(await refusal(world.inviteOnce(address(), { level: 'team', teamId: uuidv7() }, 'team_member', 'refused'))).toBe('team-not-found');
    expect(await refusal(world.inviteOnce(address(), scope, 'member', 'refused', 'another request'))).toBe('ok');
  });
});

describe('inviting again', () => {
  it('replaces the token, the role and the mail, and never doubles', async () => {
    const { organisationId, scope } = await world.ofOrganisation();
    const email = address();
    const first = await world.invite(email, scope, 'member');
    const firstMail = await world.newestMail(first.user.userId);
    const second = await world.invite(email, scope, 'org_admin');
    expect([second.created, second.invitation.invitationId]).toEqual([false, first.invitation.invitationId]);
    expect(await refusal(world.accept(firstMail.token))).toBe('invitation-invalid');
    expect(await world.mailOf((await world.mailsOf(first.user.userId))[0]!)).toBeNull();
    await world.accept((await world.newestMail(first.user.userId)).token);
    expect(await world.rolesOf(first.user.userId, scope)).toEqual(['org_admin']);
    expect((await world.app.call(membership.listInvitations, { place: { level: 'organisation', organisationId }, limit: 10 })).invitations).toHaveLength(1);
  });

  it('eleven times at once, which is as often as one may, leaves one pending invitation, whose newest token works and no other', async () => {
    const { organisationId, scope } = await world.ofOrganisation();
    const email = address();
    const answers = await Promise.all(Array.from({ length: 11 }, () => world.invite(email, scope, 'member')));
    expect(new Set(answers.map(({ invitation }) => invitation.invitationId)).size).toBe(1);
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    const { userId } = answers[0]!.user;
    const { invitations } = await world.app.call(membership.listInvitations, { place: { level: 'organisation', organisationId }, status: 'pending', limit: 100 });
    expect(invitations).toHaveLength(1);
    const mails = await Promise.all((await world.mailsOf(userId)).map((mailId) => world.mailOf(mailId)));
    expect(mails).toHaveLength(11);
    expect(mails.filter((mail) => mail !== null)).toEqual([mails.at(-1)]);
    expect((await world.accept((await world.newestMail(userId)).token)).invitation.status).toBe('accepted');
  });
});
