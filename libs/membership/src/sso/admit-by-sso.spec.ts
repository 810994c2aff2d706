import { beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { auditSources, membership, systemActor } from '#libs/contracts';
import { MembershipApp } from '../spec-support/membership-app.js';
import { PeopleStandIn } from '../spec-support/people-stand-in.js';

describe('whom an identity provider vouches for', () => {
  let app: MembershipApp;
  let people: PeopleStandIn;
  beforeAll(async () => {
    app = await MembershipApp.start([PeopleStandIn]);
    people = app.provider(PeopleStandIn);
  });

  let count = 0;
  const address = () => `arrival-${(count += 1)}@example.com`;
  const admit = (organisationId: string, more: { userId?: string | null; email?: string; name?: string; autoJoin?: boolean } = {}) =>
    app.call(membership.admitBySso, { organisationId, userId: null, newUserId: uuidv7(), email: address(), name: null, autoJoin: false, ...more });
  const refusal = async (call: Promise<unknown>) => call.then(() => 'ok', (error: { value: { code: string } }) => error.value.code);
  const invite = (email: string, scope: membership.Scope, role: string) => app.call(membership.inviteUser, { invitationId: uuidv7(), newUserId: uuidv7(), email, scope, role, actor: systemActor });
  const rolesOf = (userId: string, place: membership.Scope) => app.call(membership.getAccess, { userId, place }).then(({ roles }) => roles.map(({ role }) => role));
  const at = (organisationId: string) => ({ level: 'organisation', organisationId }) as const;
  const setStatus = (organisationId: string, userId: string, status: string) => app.database.execute('UPDATE organisation_members SET status = $3 WHERE organisation_id = $1 AND user_id = $2', [organisationId, userId, status]);

  it('accepts what they were invited to in the organisation, all of it, once, and nothing elsewhere', async () => {
    const [here, elsewhere] = [await app.organisation(), await app.organisation()];
    const email = address();
    const { user } = await invite(email, at(here), 'member');
    await invite(email, at(elsewhere), 'org_admin');
    const { teamId } = await app.call(membership.createTeam, { teamId: uuidv7(), organisationId: here, name: 'Support', actor: systemActor });
    await invite(email, { level: 'team', teamId }, 'team_admin');
    await Promise.all(Array.from({ length: 20 }, () => admit(here, { userId: user.userId, email })));
    expect([await rolesOf(user.userId, at(here)), await rolesOf(user.userId, { level: 'team', teamId })]).toEqual([['member'], ['team_admin']]);
    expect(await rolesOf(user.userId, at(elsewhere))).toEqual([]);
    const statuses = await app.database.query<{ status: string }>('SELECT status FROM invitations WHERE user_id = $1 ORDER BY created_at', [user.userId]);
    expect(statuses.map(({ status }) => status)).toEqual(['accepted', 'pending', 'accepted']);
    const { entries } = await app.call(auditSources.membership.pending, { limit: 1_000 });
    expect(entries.filter(({ action, target }) => action === 'invitation.accepted' && target.id === user.userId)).toHaveLength(2);
  });

  it('is let in as the member they are', async () => {
    const organisationId = await app.organisation();
    const userId = uuidv7();
    await app.call(membership.grantRole, { userId, scope: at(organisationId), role: 'org_admin', actor: systemActor });
    for (const autoJoin of [false, true]) expect(await admit(organisationId, { userId, autoJoin })).toEqual({ userId });
    expect(await rolesOf(userId, at(organisationId))).toEqual(['org_admin']);
  });

  it('stays outside when nobody invited them, when the invitation has expired, and when they were deactivated', async () => {
    const organisationId = await app.organisation();
    const before = people.people.size;
    expect(await refusal(admit(organisationId))).toBe('sso-not-invited');
    expect(people.people.size).toBe(before);
    expect(await refusal(admit(organisationId, { userId: uuidv7() }))).toBe('sso-not-invited');

    const { user } = await invite(address(), at(organisationId), 'member');
    await app.database.execute(`UPDATE invitations SET expires_at = now() - interval '1 second' WHERE user_id = $1`, [user.userId]);
    expect(await refusal(admit(organisationId, { userId: user.userId }))).toBe('sso-not-invited');

    await app.call(membership.grantRole, { userId: user.userId, scope: at(organisationId), role: 'member', actor: systemActor });
    await setStatus(organisationId, user.userId, 'inactive');
    for (const autoJoin of [false, true]) expect(await refusal(admit(organisationId, { userId: user.userId, autoJoin }))).toBe('sso-not-invited');
    expect(await refusal(admit(uuidv7(), { autoJoin: true }))).toBe('organisation-not-found');
  });

  it('is somebody with a role in the deployment only where they have become a member themselves', async () => {
    const organisationId = await app.organisation();
    const email = address();
    const { user } = await invite(address(), at(await app.organisation()), 'member');
    await app.call(membership.grantRole, { userId: user.userId, scope: { level: 'deployment' }, role: 'super_admin', actor: systemActor });
    for (const autoJoin of [false, true]) expect(await refusal(admit(organisationId, { userId: user.userId, email, autoJoin }))).toBe('sso-not-invited');
    await app.database.execute(`INSERT INTO organisation_members (organisation_id, user_id, role, status, created_by, modified_by) VALUES ($1, $2, 'member', 'invited', 'spec', 'spec')`, [organisationId, user.userId]);
    expect(await refusal(admit(organisationId, { userId: user.userId, email }))).toBe('sso-not-invited');
    await setStatus(organisationId, user.userId, 'active');
    expect(await admit(organisationId, { userId: user.userId, email })).toEqual({ userId: user.userId });
  });

  it('becomes a member, and a person where there was none, where the organisation takes everybody of its domains', async () => {
    const organisationId = await app.organisation();
    const email = address();
    const all = await Promise.all(Array.from({ length: 20 }, () => admit(organisationId, { email, name: 'New Colleague', autoJoin: true })));
    const userIds = [...new Set(all.map(({ userId }) => userId))];
    expect(userIds).toHaveLength(1);
    expect(people.people.get(userIds[0]!)).toMatchObject({ email, displayName: 'New Colleague', hasProfile: true, password: null });
    expect(await rolesOf(userIds[0]!, at(organisationId))).toEqual(['member']);
    const { entries } = await app.call(auditSources.membership.pending, { limit: 1_000 });
    expect(entries.filter(({ action, target }) => action === 'member.joined' && target.id === userIds[0])).toHaveLength(1);
  });

  it('joins though an invitation of theirs has expired', async () => {
    const organisationId = await app.organisation();
    const { user } = await invite(address(), at(organisationId), 'org_admin');
    await app.database.execute(`UPDATE invitations SET expires_at = now() - interval '1 second' WHERE user_id = $1`, [user.userId]);
    await admit(organisationId, { userId: user.userId, autoJoin: true });
    expect(await rolesOf(user.userId, at(organisationId))).toEqual(['member']);
  });
});
