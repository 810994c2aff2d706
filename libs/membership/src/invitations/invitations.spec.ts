import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { auditSources, getMail, membership, permissionsOfLevel, staffRealmId, type Actor } from '#libs/contracts';
import { MembershipApp } from '../spec-support/membership-app.js';
import { PeopleStandIn } from '../spec-support/people-stand-in.js';
import { ExpireInvitations } from './expire-invitations.js';

jest.setTimeout(90_000); // the first test starts a Postgres

const actor: Actor = { type: 'credential', id: 'k1' };
const grantor = { actor, permissions: Object.values(permissionsOfLevel).flat(), everywhere: true };
const password = 'correct horse battery';
let app: MembershipApp;
let people: PeopleStandIn;
beforeAll(async () => {
  app = await MembershipApp.start([PeopleStandIn]);
  people = app.provider(PeopleStandIn);
});

let count = 0;
const address = () => `invitee-${(count += 1)}@example.com`;
const invite = (email: string, scope: membership.Scope, role: string, by = actor) => app.call(membership.inviteUser, { invitationId: uuidv7(), newUserId: uuidv7(), email, scope, role, actor: by });
const accept = (token: string, more: { password?: string | null; displayName?: string } = {}) => app.call(membership.acceptInvitation, { token, password, displayName: null, ...more });
const refusal = async (call: Promise<unknown>) => call.then(() => 'ok', (error: { value: { code: string } }) => error.value.code);

/** Ids of the mails that were asked for, oldest first. */
async function mailsOf(userId: string): Promise<string[]> {
  const events = await app.events('membership.mail.requested');
  return events.filter((data) => data['userId'] === userId).map((data) => data['mailId'] as string);
}
const mailOf = async (mailId: string) => (await app.call(getMail.membership, { realmId: staffRealmId, mailId })).mail;

async function newestMail(userId: string) {
  const mail = await mailOf((await mailsOf(userId)).at(-1)!);
  if (mail?.content.template !== 'invitation') throw new Error('there is no mail to send');
  return { ...mail, ...mail.content };
}
const rolesOf = (userId: string, place: membership.Scope) => app.call(membership.getAccess, { userId, place }).then(({ roles }) => roles.map(({ role }) => role));

async function ofOrganisation() {
  const organisationId = await app.organisation();
  return { organisationId, scope: { level: 'organisation', organisationId } as const };
}

describe('an invitation', () => {
  it('makes a new person, who is invited and may nothing, and asks for one mail with a link', async () => {
    const { organisationId, scope } = await ofOrganisation();
    const email = address();
    const { invitation, user, created, profile } = await invite(email, scope, 'org_admin');
    expect(created).toBe(true);
    expect(profile).toMatchObject({ userId: user.userId, email, displayName: null, isActive: true });
    expect(invitation).toMatchObject({ userId: user.userId, email, role: 'org_admin', organisationId, teamId: null, projectId: null, status: 'pending', emailStatus: 'queued', invitedBy: actor, closedAt: null });
    expect(Date.parse(invitation.expiresAt) - Date.parse(invitation.createdAt)).toBe(7 * 86_400_000);
    expect(user).toEqual({ userId: user.userId, status: 'invited', globalRole: null, organisations: [{ organisationId, name: 'An organisation', role: 'org_admin', status: 'invited' }] });
    expect(await rolesOf(user.userId, scope)).toEqual([]);
    const mail = await newestMail(user.userId);
    expect(mail).toMatchObject({ to: email, organisation: 'An organisation', place: null, role: 'org_admin', inviter: null, expiresAt: invitation.expiresAt });
    expect(mail.token).toMatch(/^[\w-]{43}$/);
    const stored = await app.database.query('SELECT token_hash FROM invitations WHERE invitation_id = $1', [invitation.invitationId]);
    expect(JSON.stringify(stored)).not.toContain(mail.token);
  });

  it.each([
    ['team', 'team_admin'],
    ['project', 'viewer'],
  ] as const)('into a %s gives that role there when it is accepted, and makes a member of the organisation', async (level, role) => {
    const { organisationId, scope: organisation } = await ofOrganisation();
    const place = level === 'team' ? ({ level, teamId: await app.team(organisationId) } as const) : ({ level, projectId: await app.project(organisationId) } as const);
    const { user } = await invite(address(), place, role);
    expect(user.organisations).toMatchObject([{ role: 'member', status: 'invited' }]);
    expect((await newestMail(user.userId)).place).not.toBeNull();
    const accepted = await accept((await newestMail(user.userId)).token);
    expect(accepted.user).toMatchObject({ status: 'active', organisations: [{ role: 'member', status: 'active' }] });
    expect(await rolesOf(user.userId, place)).toContain(role);
    expect(await rolesOf(user.userId, organisation)).toEqual(['member']);
  });

  it('of a person who is there, by whatever case of the address, gives them a further membership and leaves their password', async () => {
    const [first, second] = [await ofOrganisation(), await ofOrganisation()];
    const email = address();
    const one = await invite(email, first.scope, 'member');
    await accept((await newestMail(one.user.userId)).token);
    const other = await invite(email.toUpperCase(), second.scope, 'org_admin');
    expect(other.user.userId).toBe(one.user.userId);
    expect(other.user.status).toBe('active');
    await accept((await newestMail(one.user.userId)).token, { password: 'another one entirely' });
    expect(people.people.get(one.user.userId)!.password).toBe(password);
    expect([await rolesOf(one.user.userId, first.scope), await rolesOf(one.user.userId, second.scope)]).toEqual([['member'], ['org_admin']]);
  });

  it('is refused for a role of another level, for a place that is not there, and for a role that they have', async () => {
    const { scope } = await ofOrganisation();
    expect(await refusal(invite(address(), scope, 'viewer'))).toBe('role-unknown');
    expect(await refusal(invite(address(), { level: 'team', teamId: uuidv7() }, 'team_member'))).toBe('team-not-found');
    const email = address();
    const { user } = await invite(email, scope, 'member');
    await accept((await newestMail(user.userId)).token);
    expect(await refusal(invite(email, scope, 'member'))).toBe('role-held');
    await app.database.execute(`UPDATE organisation_members SET status = 'inactive' WHERE user_id = $1`, [user.userId]);
    expect(await refusal(invite(email, scope, 'org_admin'))).toBe('member-inactive');
  });

  it('that was broken off after the address was taken goes on when it is asked for again', async () => {
    const { scope } = await ofOrganisation();
    const email = address();
    people.away.add('profiles.upsertUser');
    expect(await refusal(invite(email, scope, 'member'))).toBe('service-unavailable');
    people.away.clear();
    const { user, created } = await invite(email, scope, 'member');
    expect(created).toBe(true);
    await accept((await newestMail(user.userId)).token);
  });
});

describe('many invitations at once', () => {
  it('are each answered for itself, and refuse those alone who need none; names and addresses are in the lists by then', async () => {
    const [here, elsewhere] = [await ofOrganisation(), await ofOrganisation()];
    const member = address();
    const { user: accepted } = await invite(member, here.scope, 'member');
    await accept((await newestMail(accepted.userId)).token);
    const inactive = address();
    const { user: deactivated } = await invite(inactive, here.scope, 'member');
    await app.database.execute(`UPDATE organisation_members SET status = 'inactive' WHERE user_id = $1`, [deactivated.userId]);
    const team = { level: 'team', teamId: await app.team(here.organisationId) } as const;
    const wanted: [string, membership.Scope, string][] = [
      ...Array.from({ length: 12 }, (): [string, membership.Scope, string] => [address(), here.scope, 'member']),
      [member, here.scope, 'member'],
      [inactive, here.scope, 'org_admin'],
      [address(), team, 'team_admin'],
      [address(), elsewhere.scope, 'org_admin'],
      [address(), { level: 'project', projectId: uuidv7() }, 'viewer'],
      [address(), { level: 'deployment' }, 'super_admin'],
    ];
    const outcomes = await Promise.all(wanted.map((one) => refusal(invite(...one))));
    expect(outcomes).toEqual(wanted.map(([email, scope]) => (email === member ? 'role-held' : email === inactive ? 'member-inactive' : scope.level === 'project' ? 'project-not-found' : 'ok')));
    const listed = await app.database.query<{ email: string; role: string }>(
      'SELECT d.email_key AS email, m.role FROM organisation_members m JOIN listings l ON l.scope_id = m.organisation_id AND l.user_id = m.user_id AND l.email_key <> $2 JOIN directory d ON d.user_id = m.user_id WHERE m.organisation_id = $1 AND m.status = $3',
      [here.organisationId, '', 'invited'],
    );
    expect(listed.map(({ email }) => email).sort()).toEqual(wanted.filter(([email, { level }], place) => outcomes[place] === 'ok' && email !== wanted[15]![0] && level !== 'deployment').map(([email]) => email).sort());
    const entries = (await app.call(auditSources.membership.pending, { limit: 1_000 })).entries.filter(({ action, organisationId }) => action === 'user.invited' && organisationId === elsewhere.organisationId);
    expect(entries).toMatchObject([{ after: ['role:org_admin'], actor }]);
  });
});

describe('inviting again', () => {
  it('replaces the token, the role and the mail, and never doubles', async () => {
    const { organisationId, scope } = await ofOrganisation();
    const email = address();
    const first = await invite(email, scope, 'member');
    const firstMail = await newestMail(first.user.userId);
    const second = await invite(email, scope, 'org_admin');
    expect([second.created, second.invitation.invitationId]).toEqual([false, first.invitation.invitationId]);
    expect(await refusal(accept(firstMail.token))).toBe('invitation-invalid');
    expect(await mailOf((await mailsOf(first.user.userId))[0]!)).toBeNull();
    await accept((await newestMail(first.user.userId)).token);
    expect(await rolesOf(first.user.userId, scope)).toEqual(['org_admin']);
    expect((await app.call(membership.listInvitations, { place: { level: 'organisation', organisationId }, limit: 10 })).invitations).toHaveLength(1);
  });

  it('50 times at once leaves one pending invitation, whose newest token works and no other', async () => {
    const { organisationId, scope } = await ofOrganisation();
    const email = address();
    const answers = await Promise.all(Array.from({ length: 50 }, () => invite(email, scope, 'member')));
    expect(new Set(answers.map(({ invitation }) => invitation.invitationId)).size).toBe(1);
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    const { userId } = answers[0]!.user;
    const { invitations } = await app.call(membership.listInvitations, { place: { level: 'organisation', organisationId }, status: 'pending', limit: 100 });
    expect(invitations).toHaveLength(1);
    const mails = await Promise.all((await mailsOf(userId)).map(mailOf));
    expect(mails).toHaveLength(50);
    expect(mails.filter((mail) => mail !== null)).toEqual([mails.at(-1)]);
    expect((await accept((await newestMail(userId)).token)).invitation.status).toBe('accepted');
  });
});

describe('accepting', () => {
  it('200 times at once makes one membership, one answer, and one entry in the audit trail', async () => {
    const { organisationId, scope } = await ofOrganisation();
    const { user, invitation } = await invite(address(), scope, 'member');
    const { token } = await newestMail(user.userId);
    const answers = await Promise.all(Array.from({ length: 200 }, (_, place) => accept(token, { password: `${password} ${place}` })));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ invitation: { invitationId: invitation.invitationId, status: 'accepted' }, user: { status: 'active' } });
    expect(await app.database.query('SELECT role, status FROM organisation_members WHERE organisation_id = $1', [organisationId])).toEqual([{ role: 'member', status: 'active' }]);
    const { entries } = await app.call(auditSources.membership.pending, { limit: 1_000 });
    expect(entries.filter(({ action, target }) => action === 'invitation.accepted' && target.id === user.userId)).toEqual([expect.objectContaining({ actor: { type: 'user', id: user.userId }, organisationId, after: ['role:member'] })]);
  });

  it('takes a password of somebody who has none, and goes on where it was broken off', async () => {
    const { scope } = await ofOrganisation();
    const { user } = await invite(address(), scope, 'member');
    const { token } = await newestMail(user.userId);
    expect(await refusal(accept(token, { password: null }))).toBe('password-required');
    people.away.add('identity.setPassword');
    expect(await refusal(accept(token))).toBe('service-unavailable');
    expect(await rolesOf(user.userId, scope)).toEqual([]);
    people.away.clear();
    await accept(token, { displayName: 'Ada' });
    await accept(token, { displayName: 'Bob', password: 'something else' });
    expect(people.people.get(user.userId)).toMatchObject({ password, displayName: 'Ada' });
  });

  it('that had begun when a newer mail took the place of its token goes through: the password is set by then, and the newer link would leave it', async () => {
    const { scope } = await ofOrganisation();
    const email = address();
    const { user } = await invite(email, scope, 'org_admin');
    const { token } = await newestMail(user.userId);
    people.meanwhile = () => invite(email, scope, 'member');
    const accepted = await accept(token).finally(() => (people.meanwhile = async () => undefined));
    expect([accepted.invitation.status, await rolesOf(user.userId, scope)]).toEqual(['accepted', ['member']]);
  });

  it.each([['org_admin', 'member'], ['member', 'org_admin']])('gives %s who was made %s meanwhile the later role', async (first, later) => {
    const { organisationId, scope } = await ofOrganisation();
    const email = address();
    const { user } = await invite(email, scope, first);
    expect((await app.call(membership.setMember, { userId: user.userId, place: scope, role: later, grantor })).status).toBe('invited');
    expect((await app.call(membership.listInvitations, { place: scope, limit: 10 })).invitations.map(({ role }) => role)).toEqual([later]);
    await accept((await newestMail(user.userId)).token);
    expect(await rolesOf(user.userId, scope)).toEqual([later]);
    const below = await invite(address(), { level: 'team', teamId: await app.team(organisationId) }, 'team_member');
    expect(await refusal(app.call(membership.setMember, { userId: below.user.userId, place: scope, role: 'org_admin', grantor }))).toBe('invitation-pending');
  });

  it('makes no administrator less', async () => {
    const { organisationId, scope } = await ofOrganisation();
    const email = address();
    const { user } = await invite(email, scope, 'org_admin');
    await accept((await newestMail(user.userId)).token);
    await invite(email, scope, 'member');
    await accept((await newestMail(user.userId)).token);
    expect(await rolesOf(user.userId, scope)).toEqual(['org_admin']);
    const teamId = await app.team(organisationId);
    for (const role of ['team_admin', 'team_member']) {
      await invite(email, { level: 'team', teamId }, role);
      await accept((await newestMail(user.userId)).token);
    }
    expect(await rolesOf(user.userId, { level: 'team', teamId })).toContain('team_admin');
  });

  it('is refused to somebody who was deactivated, or taken out of the organisation, since', async () => {
    const { organisationId } = await ofOrganisation();
    const email = address();
    const projectId = await app.project(organisationId);
    const { user } = await invite(email, { level: 'project', projectId }, 'editor');
    const { token } = await newestMail(user.userId);
    await app.database.execute(`UPDATE organisation_members SET status = 'inactive' WHERE user_id = $1`, [user.userId]);
    expect(await refusal(accept(token))).toBe('member-inactive');
    expect(people.people.get(user.userId)?.password ?? null).toBeNull();
    await app.database.execute('DELETE FROM organisation_members WHERE user_id = $1', [user.userId]);
    expect(await refusal(accept(token))).toBe('invitation-invalid');
    expect(await rolesOf(user.userId, { level: 'project', projectId })).toEqual([]);
  });

  it('of an unknown token, and of somebody who is being erased, is refused', async () => {
    expect(await refusal(accept('x'.repeat(43)))).toBe('invitation-invalid');
    const { scope } = await ofOrganisation();
    const { user } = await invite(address(), scope, 'member');
    const { token } = await newestMail(user.userId);
    await app.call(membership.hideMembers, { realmId: staffRealmId, userIds: [user.userId] });
    expect(await refusal(accept(token))).toBe('invitation-invalid');
    expect(await mailOf((await mailsOf(user.userId))[0]!)).toBeNull();
    expect((await app.call(membership.eraseMembers, { realmId: staffRealmId, userIds: [user.userId] })).erased).toMatchObject({ invitations: 1, organisation_members: 1 });
  });
});

describe('the end of an invitation', () => {
  const age = (invitationId: string) => app.database.execute(`UPDATE invitations SET expires_at = now() - interval '1 second' WHERE invitation_id = $1`, [invitationId]);

  it('comes with its term, whether the sweep has been there or not; sent again it is good again', async () => {
    const { organisationId, scope } = await ofOrganisation();
    const { user, invitation } = await invite(address(), scope, 'member');
    const { token } = await newestMail(user.userId);
    await age(invitation.invitationId);
    expect(await refusal(accept(token))).toBe('invitation-expired');
    expect((await app.call(membership.getInvitation, invitation)).status).toBe('expired');
    const expiry = app.provider(ExpireInvitations);
    await Promise.all([expiry.expire(), expiry.expire()]);
    expect(await app.database.query('SELECT FROM organisation_members WHERE organisation_id = $1', [organisationId])).toEqual([]);
    const { entries } = await app.call(auditSources.membership.pending, { limit: 1_000 });
    expect(entries.filter(({ action, target }) => action === 'invitation.expired' && target.id === user.userId)).toHaveLength(1);
    expect(await refusal(accept(token))).toBe('invitation-expired');

    const again = await app.call(membership.resendInvitation, { invitationId: invitation.invitationId, actor });
    expect(again).toMatchObject({ status: 'pending', closedAt: null });
    await accept((await newestMail(user.userId)).token);
    expect(await rolesOf(user.userId, scope)).toEqual(['member']);
  });

  it('comes when it is taken back, once; what was accepted can’t be', async () => {
    const { organisationId, scope } = await ofOrganisation();
    const { user, invitation: { invitationId } } = await invite(address(), scope, 'member');
    const { token } = await newestMail(user.userId);
    for (let times = 0; times < 2; times += 1) await app.call(membership.cancelInvitation, { invitationId, actor });
    expect(await refusal(accept(token))).toBe('invitation-invalid');
    expect(await refusal(app.call(membership.resendInvitation, { invitationId, actor }))).toBe('invitation-closed');
    expect(await app.database.query('SELECT FROM organisation_members WHERE organisation_id = $1', [organisationId])).toEqual([]);
    const accepted = await invite(address(), scope, 'member');
    await accept((await newestMail(accepted.user.userId)).token);
    expect(await refusal(app.call(membership.cancelInvitation, { invitationId: accepted.invitation.invitationId, actor }))).toBe('invitation-closed');
    expect(await refusal(app.call(membership.cancelInvitation, { invitationId: uuidv7(), actor }))).toBe('invitation-not-found');
  });

  it('leaves somebody invited whom another invitation of the organisation waits for', async () => {
    const { organisationId, scope } = await ofOrganisation();
    const email = address();
    const first = await invite(email, scope, 'member');
    await invite(email, { level: 'team', teamId: await app.team(organisationId) }, 'team_member');
    await app.call(membership.cancelInvitation, { invitationId: first.invitation.invitationId, actor });
    expect(await app.database.query('SELECT status FROM organisation_members WHERE organisation_id = $1', [organisationId])).toEqual([{ status: 'invited' }]);
  });

  it.each(['taken back', 'expired'])('takes what the person was given in teams and projects meanwhile: %s', async (how) => {
    const { organisationId, scope } = await ofOrganisation();
    const [teamId, projectId] = [await app.team(organisationId), await app.project(organisationId)];
    const { user, invitation } = await invite(address(), scope, 'member');
    for (const [place, role] of [[{ level: 'team', teamId }, 'team_admin'], [{ level: 'project', projectId }, 'editor']] as const) {
      await app.call(membership.setMember, { userId: user.userId, place, role, grantor });
      expect(await rolesOf(user.userId, place)).toEqual([]);
    }
    // They belong somewhere else too, and are not deleted.
    await app.grant(user.userId, { level: 'organisation', organisationId: await app.organisation() }, 'member');
    if (how === 'expired') {
      await age(invitation.invitationId);
      await app.provider(ExpireInvitations).expire();
    } else await app.call(membership.cancelInvitation, { invitationId: invitation.invitationId, actor });
    for (const place of [scope, { level: 'team', teamId }, { level: 'project', projectId }] as const) expect(await rolesOf(user.userId, place)).toEqual([]);
  });

  it('comes when the person is taken out of the organisation', async () => {
    const { organisationId, scope } = await ofOrganisation();
    const email = address();
    const { user } = await invite(email, scope, 'member');
    const { token } = await newestMail(user.userId);
    await invite(email, { level: 'team', teamId: await app.team(organisationId) }, 'team_member');
    await app.call(membership.removeMember, { userId: user.userId, place: scope, grantor });
    expect((await app.call(membership.listInvitations, { place: scope, limit: 10 })).invitations.map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
    expect(await refusal(accept(token))).toBe('invitation-invalid');
    expect(people.people.get(user.userId)?.password ?? null).toBeNull();
    expect((await app.call(membership.isStaffDeleted, { userId: user.userId })).deleted).toBe(true);
  });

  it('of one that expired and has a successor is final', async () => {
    const { scope } = await ofOrganisation();
    const email = address();
    const { invitation: { invitationId } } = await invite(email, scope, 'member');
    await age(invitationId);
    await app.provider(ExpireInvitations).expire();
    expect((await invite(email, scope, 'member')).created).toBe(true);
    expect(await refusal(app.call(membership.resendInvitation, { invitationId, actor }))).toBe('invitation-closed');
  });
});

describe('the list of invitations', () => {
  it('is of a place and what lies in it, by status, newest first, with what became of the mails', async () => {
    const { organisationId, scope } = await ofOrganisation();
    const teamId = await app.team(organisationId);
    const inTeam = await invite(address(), { level: 'team', teamId }, 'team_member');
    const inOrganisation = await invite(address(), scope, 'member');
    const inProject = await invite(address(), { level: 'project', projectId: await app.project(organisationId) }, 'editor');
    await app.call(membership.cancelInvitation, { invitationId: inOrganisation.invitation.invitationId, actor });
    people.mails.set((await mailsOf(inProject.user.userId))[0]!, 'sent');
    people.mails.set((await mailsOf(inOrganisation.user.userId))[0]!, 'dropped');
    const list = async (place: membership.Scope, more: { status?: 'pending'; limit?: number; after?: string } = {}) => app.call(membership.listInvitations, { place, limit: 10, ...more });
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
    people.away.add('operations.describeMails');
    expect((await list(scope)).invitations.map(({ emailStatus }) => emailStatus)).toEqual([null, null, null]);
    people.away.clear();
  });

  it('has its last mail told in the list of people, to those who see where it leads, until it is accepted', async () => {
    const { organisationId, scope } = await ofOrganisation();
    const elsewhere = await ofOrganisation();
    const email = address();
    const { user: { userId } } = await invite(email, { level: 'team', teamId: await app.team(organisationId) }, 'team_member');
    await app.grant(uuidv7(), scope, 'member');
    const everybody = { kind: 'key', organisationId: null, projectId: null, roles: ['super_admin'] } as membership.Viewer;
    const keyOf = (place: string): membership.Viewer => ({ kind: 'key', organisationId: place, projectId: null, roles: ['org_admin'] });
    const listed = async (place: membership.MemberPlace, viewer = everybody) => (await app.call(membership.listStaff, { place, limit: 10, sortBy: 'created_at', descending: false, viewer })).users.map((one) => [one.userId === userId, one.emailStatus]);
    const [mail] = await mailsOf(userId);
    people.mails.set(mail!, 'failed');
    expect(await listed(scope)).toEqual([[true, 'failed'], [false, undefined]]);
    await invite(email, scope, 'member');
    expect(await listed(scope)).toEqual([[true, 'queued'], [false, undefined]]);
    await invite(email, elsewhere.scope, 'member');
    people.mails.set((await mailsOf(userId))[2]!, 'sent');
    expect((await listed(elsewhere.scope, keyOf(elsewhere.organisationId)))).toEqual([[true, 'sent']]);
    expect((await listed(scope, keyOf(organisationId)))[0]).toEqual([true, 'queued']);
    expect((await app.call(membership.getStaffMember, { userId, viewer: keyOf(organisationId) })).emailStatus).toBe('queued');
    people.away.add('operations.describeMails');
    expect(await listed(scope)).toEqual([[true, null], [false, undefined]]);
    people.away.clear();
    await accept((await newestMail(userId)).token);
    expect(await listed(elsewhere.scope, keyOf(elsewhere.organisationId))).toEqual([[true, undefined]]);
  });

  it('forgets what led into something that was deleted', async () => {
    const { organisationId } = await ofOrganisation();
    const teamId = await app.team(organisationId);
    const { invitation: { invitationId } } = await invite(address(), { level: 'team', teamId }, 'team_member');
    await app.call(membership.deleteTeam, { teamId, actor });
    expect(await refusal(app.call(membership.getInvitation, { invitationId }))).toBe('invitation-not-found');
  });
});
