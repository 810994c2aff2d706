import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/platform/testing';
import { mailsTo, mailWithToken } from './mails.js';
import { adminToken, api, keyAndSecret, platform, unique } from './platform-under-test.js';

const { demo } = platform;
const password = 'correct horse battery';
const superAdmin = { 'x-api-key': demo.superAdmin.apiKey };
const orgAdmin = { 'x-api-key': demo.apiKey };
const unknownId = '01890000-0000-7000-8000-000000000000';

interface Place {
  org_id: string;
  team_id: string;
  project_id: string;
}

/** An organisation with a team and a project of it. */
async function newPlace(): Promise<Place> {
  const { org_id } = (await api.post('/v1/admin/orgs', { headers: superAdmin, body: { name: 'Acme', slug: unique('acme') } })).body as Place;
  const { team_id } = (await api.post('/v1/admin/teams', { headers: superAdmin, body: { org_id, name: 'Sales' } })).body as Place;
  const { project_id } = (await api.post('/v1/admin/projects', { headers: superAdmin, body: { org_id, team_id, name: 'Shop', slug: unique('shop') } })).body as Place;
  return { org_id, team_id, project_id };
}

const address = () => `${unique('invitee')}@example.com`;
const invite = (body: object, as: { headers?: Record<string, string>; bearer?: string } = { headers: superAdmin }) => api.post('/v1/admin/users/invite', { ...as, body });
const accept = (token: string, more: object = { password }) => api.post('/v1/auth/invitations/accept', { body: { token, ...more } });
/** How many mails with a link there are. */
const linksTo = async (email: string) => (await mailsTo(email)).filter(({ text }) => text?.includes('?token=')).length;
const logIn = async (email: string) => (await api.post('/v1/auth/login', { body: { email, password } })).body as { access_token: string; user: { user_id: string; orgs: { org_id: string; role: string }[] } };

/** Somebody with the role, logged in. */
async function member(role: string, place: Partial<Place>): Promise<{ email: string; bearer: string; userId: string }> {
  const email = address();
  expect((await invite({ user_email: email, role, ...place })).status).toBe(201);
  expect((await accept((await mailWithToken(email)).token)).status).toBe(200);
  const { access_token, user } = await logIn(email);
  return { email, bearer: access_token, userId: user.user_id };
}

describe('the life of an invitation', () => {
  let place: Place;
  beforeAll(async () => {
    place = await newPlace();
  });

  it('makes the first org_admin of an organisation, who invites the next', async () => {
    const email = address();
    const { org_id } = place;
    const invited = await invite({ user_email: email, role: 'org_admin', org_id });
    expect([invited.status, invited.body]).toEqual([
      201,
      {
        user: {
          user_id: expect.any(String), user_name: null, user_email: email, status: 'invited', global_role: null, preferences: {},
          orgs: [{ org_id, org_name: 'Acme', role: 'org_admin', status: 'invited' }], email_status: 'queued', created_at: expect.any(String), updated_at: expect.any(String), last_login_at: null,
        },
        invitation: {
          invitation_id: expect.any(String), user_id: invited.body.user.user_id, user_email: email, role: 'org_admin', org_id, team_id: null, project_id: null, status: 'pending', email_status: 'queued',
          invited_by: { type: 'credential', id: expect.any(String) }, created_at: expect.any(String), expires_at: expect.any(String), closed_at: null,
        },
      },
    ]);
    expect((await api.post('/v1/auth/login', { body: { email, password } })).status).toBe(401);

    const { mail, token } = await mailWithToken(email);
    expect(mail.subject).toContain('Acme');
    expect(mail.html).toContain(`token=${token}`);
    expect(mail.text).toContain('org admin');
    await eventually(async () => expect((await api.get(`/v1/admin/invitations?org_id=${org_id}`, { headers: superAdmin })).body.invitations[0].email_status).toBe('sent'));
    const listed = await api.get(`/v1/admin/users?org_id=${org_id}`, { headers: superAdmin });
    expect(listed.body.users).toEqual([expect.objectContaining({ user_email: email, status: 'invited', email_status: 'sent' })]);

    expect((await accept(token, {})).body).toMatchObject({ status: 400, code: 'password-required' });
    expect((await accept(token, { password: 'password' })).status).toBe(400);
    const accepted = await accept(token, { password, user_name: 'Ada Lovelace' });
    expect(accepted.status).toBe(200);
    expect(accepted.body).toMatchObject({ user: { status: 'active', user_name: 'Ada Lovelace', orgs: [{ org_id, role: 'org_admin', status: 'active' }] }, invitation: { status: 'accepted' } });
    const again = await accept(token, { password: 'another one entirely', user_name: 'Somebody else' });
    expect([again.status, again.body]).toEqual([200, accepted.body]);

    const { access_token: bearer, user } = await logIn(email);
    expect(user.orgs).toMatchObject([{ org_id, role: 'org_admin' }]);
    // Their only organisation is the default.
    const next = address();
    expect((await invite({ user_email: next, role: 'member' }, { bearer })).body.invitation).toMatchObject({ org_id, invited_by: { type: 'user', id: user.user_id } });
    expect((await mailWithToken(next)).mail.subject).toBe('Ada Lovelace has invited you to Acme');

    const trail = await api.get(`/v1/admin/orgs/${org_id}/audit?target=${user.user_id}`, { bearer });
    expect(trail.body.entries.map(({ action, actor }: { action: string; actor: { id: string } }) => [action, actor.id])).toEqual(expect.arrayContaining([['invitation.accepted', user.user_id], ['user.invited', invited.body.invitation.invited_by.id]]));
    expect(trail.text).not.toContain(email);
  });

  it('with a role in a team or a project reaches that, and lets the person in there', async () => {
    const { bearer } = await member('team_admin', { team_id: place.team_id });
    expect((await api.get(`/v1/admin/teams/${place.team_id}`, { bearer })).status).toBe(200);
    const viewer = await member('viewer', { project_id: place.project_id });
    expect((await api.get(`/${place.project_id}/users/${unknownId}`, { bearer: viewer.bearer })).status).toBe(404);
    expect((await api.get(`/v1/admin/teams/${place.team_id}`, { bearer: viewer.bearer })).status).toBe(403);
  });

  it('sent again has a new token, and the old one is worth nothing; taken back, none is', async () => {
    const email = address();
    const { invitation_id } = (await invite({ user_email: email, role: 'member', org_id: place.org_id })).body.invitation as { invitation_id: string };
    const first = await mailWithToken(email);
    const anew = await invite({ user_email: email.toUpperCase(), role: 'member', org_id: place.org_id });
    expect(anew.body.invitation.invitation_id).toBe(invitation_id);
    const second = await mailWithToken(email, 2);
    const resent = await api.post(`/v1/admin/invitations/${invitation_id}/resend`, { headers: superAdmin });
    expect([resent.status, resent.body.status]).toEqual([200, 'pending']);
    const third = await mailWithToken(email, 3);
    expect(new Set([first, second, third].map(({ token }) => token)).size).toBe(3);
    for (const { token } of [first, second]) expect((await accept(token)).body).toMatchObject({ status: 404, code: 'invitation-invalid' });
    expect((await api.delete(`/v1/admin/invitations/${invitation_id}`, { headers: superAdmin })).status).toBe(204);
    expect((await accept(third.token)).status).toBe(404);
    expect((await api.post(`/v1/admin/invitations/${invitation_id}/resend`, { headers: superAdmin })).status).toBe(409);
    const listed = await api.get(`/v1/admin/invitations?org_id=${place.org_id}&status=cancelled`, { headers: superAdmin });
    expect(listed.body.invitations.map((one: { invitation_id: string }) => one.invitation_id)).toContain(invitation_id);
  });

  it('sent again under an Idempotency-Key has one new link, however often the request is repeated', async () => {
    const email = address();
    const { invitation_id } = (await invite({ user_email: email, role: 'member', org_id: place.org_id })).body.invitation as { invitation_id: string };
    await mailWithToken(email);
    const resend = (key: string) => api.post(`/v1/admin/invitations/${invitation_id}/resend`, { headers: { ...superAdmin, 'idempotency-key': key } });
    const key = unique('key');
    const first = await resend(key);
    const { token } = await mailWithToken(email, 2);
    const again = await resend(key);
    expect([first.status, again.status, again.body]).toEqual([200, 200, { ...first.body, email_status: expect.any(String) }]);
    expect((await accept(token)).status).toBe(200);
    expect(await linksTo(email)).toBe(2);
    // What was accepted meanwhile is shown so; a new wish is refused, and keeps no key.
    expect(await resend(key)).toMatchObject({ status: 200, body: { invitation_id, status: 'accepted' } });
    const late = unique('key');
    expect([(await resend(late)).status, (await resend(late)).status]).toEqual([409, 409]);
  });

  it('comes a hundred at a time, each answered by itself', async () => {
    const [good, other] = [address(), address()];
    const invitations = [
      { user_email: good, role: 'member', org_id: place.org_id },
      { user_email: 'nonsense', role: 'member', org_id: place.org_id },
      { user_email: other, role: 'viewer', project_id: unknownId },
      { user_email: other, role: 'team_member', team_id: place.team_id, surprise: true },
      'nothing',
      { user_email: other, role: 'editor', project_id: place.project_id },
    ];
    const answer = await api.post('/v1/admin/users/invite/batch', { headers: superAdmin, body: { invitations } });
    expect(answer.status).toBe(200);
    expect(answer.body.results.map((result: { error?: { code: string }; invitation?: { role: string } }) => result.error?.code ?? result.invitation?.role)).toEqual(['member', 'invalid-request', 'project-not-found', 'invalid-request', 'invalid-request', 'editor']);
    expect(answer.body.results[1].error.details).toEqual([{ path: 'user_email', message: 'must be an email address' }]);
    const tooMany = await api.post('/v1/admin/users/invite/batch', { headers: superAdmin, body: { invitations: Array.from({ length: 101 }, () => ({})) } });
    expect([tooMany.status, (await api.post('/v1/admin/users/invite/batch', { headers: superAdmin, body: { invitations: [] } })).status]).toEqual([400, 400]);
  });

  it('comes once, however often a batch is repeated under its Idempotency-Key', async () => {
    const { org_id } = await newPlace();
    const emails = [address(), address()];
    const invitations = [...emails.map((user_email) => ({ user_email, role: 'member', org_id })), { user_email: address(), role: 'member', org_id: unknownId }];
    const send = (key: string, some: object[]) => api.post('/v1/admin/users/invite/batch', { headers: { ...superAdmin, 'idempotency-key': key }, body: { invitations: some } });
    const shown = ({ body }: { body: { results: { error?: { code: string }; invitation?: { invitation_id: string; expires_at: string } }[] } }) => body.results.map(({ error, invitation }) => error?.code ?? [invitation!.invitation_id, invitation!.expires_at]);
    const key = unique('key');
    const first = await send(key, invitations);
    expect([first.status, shown(first)[2]]).toEqual([200, 'organisation-not-found']);
    const mails = await Promise.all(emails.map((email) => mailWithToken(email)));
    const again = await send(key, invitations);
    expect([again.status, shown(again)]).toEqual([200, shown(first)]);
    // Nobody of another batch is invited under the key.
    const other = address();
    expect(await send(key, [...invitations, { user_email: other, role: 'member', org_id }])).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
    for (const { token } of mails) expect((await accept(token)).status).toBe(200);
    expect(await Promise.all(emails.map(linksTo))).toEqual([1, 1]);
    const listed = await api.get(`/v1/admin/invitations?org_id=${org_id}`, { headers: superAdmin });
    expect(listed.body.invitations.map((one: { user_email: string }) => one.user_email).sort()).toEqual([...emails].sort());
    // A batch that was refused as a whole has taken no key.
    const late = unique('key');
    expect((await send(late, [])).status).toBe(400);
    expect((await send(late, [{ user_email: other, role: 'member', org_id }])).status).toBe(200);
  });

  it('comes once, when ten send a batch under one Idempotency-Key at the same time, who hear the same or of a twin', async () => {
    const { org_id } = await newPlace();
    const emails = Array.from({ length: 12 }, address);
    const body = { invitations: emails.map((user_email) => ({ user_email, role: 'member', org_id })) };
    const send = (key: string) => api.post('/v1/admin/users/invite/batch', { headers: { ...superAdmin, 'idempotency-key': key }, body });
    const key = unique('key');
    const together = await Promise.all(Array.from({ length: 10 }, () => send(key)));
    expect(together.map(({ status }) => status).filter((status) => status !== 200 && status !== 409)).toEqual([]);
    const last = await eventually(async () => {
      const answer = await send(key);
      expect(answer.status).toBe(200);
      return answer;
    });
    const idsOf = (answer: { body: { results: { invitation: { invitation_id: string; expires_at: string } }[] } }) => answer.body.results.map(({ invitation }) => [invitation.invitation_id, invitation.expires_at]);
    for (const answer of together.filter(({ status }) => status === 200)) expect(idsOf(answer)).toEqual(idsOf(last));
    for (const email of emails) await mailWithToken(email);
    expect(await Promise.all(emails.map(linksTo))).toEqual(emails.map(() => 1));
  });

  it.each<[string, object, number, string]>([
    ['no address', { role: 'member' }, 400, 'user_email'],
    ['no role that there is', { user_email: 'a@example.com', role: 'king' }, 400, 'role'],
    ['a team role without a team', { user_email: 'a@example.com', role: 'team_member' }, 400, 'team_id'],
    ['a project role without a project', { user_email: 'a@example.com', role: 'viewer', org_id: null }, 400, 'project_id'],
    ['an organisation’s role from somebody of none', { user_email: 'a@example.com', role: 'member' }, 400, 'org_id'],
    ['an id that is not for the role', { user_email: 'a@example.com', role: 'member', org_id: unknownId, project_id: unknownId }, 400, 'project_id'],
    ['an unknown field', { user_email: 'a@example.com', role: 'member', org_id: unknownId, colour: 'red' }, 400, 'colour'],
    ['an organisation that is not there', { user_email: 'a@example.com', role: 'member', org_id: unknownId }, 404, 'organisation'],
    ['no id', { user_email: 'a@example.com', role: 'viewer', project_id: 'shop' }, 404, 'project'],
  ])('is refused for %s', async (_, body, status, word) => {
    const answer = await invite(body);
    expect(answer.status).toBe(status);
    if (status === 400) expect([answer.body.code, answer.body.detail]).toEqual(['invalid-request', expect.stringContaining(`${word}: `)]);
    expect(answer.text).toContain(word);
  });

  it('is refused when its token is not one', async () => {
    expect((await accept('nonsense')).status).toBe(404);
    expect((await api.post('/v1/auth/invitations/accept', { body: {} })).status).toBe(400);
    expect((await accept('a\u0000b')).status).toBe(404);
    expect((await api.post(`/v1/admin/invitations/nonsense/resend`, { headers: superAdmin })).status).toBe(404);
    expect((await api.delete(`/v1/admin/invitations/${unknownId}`, { headers: superAdmin })).status).toBe(404);
    expect((await api.get('/v1/admin/invitations?status=lost', { headers: superAdmin })).status).toBe(400);
    expect((await api.get(`/v1/admin/invitations?org_id=${place.org_id}&team_id=${place.team_id}`, { headers: superAdmin })).status).toBe(400);
  });
});

describe('who invites', () => {
  it('administers the place, and hands out no role above it', async () => {
    const [place, foreign] = [await newPlace(), await newPlace()];
    const { org_id, team_id, project_id } = place;
    const targets = [
      { role: 'super_admin' }, { role: 'org_admin', org_id }, { role: 'member', org_id }, { role: 'team_admin', team_id }, { role: 'team_member', team_id }, { role: 'project_admin', project_id }, { role: 'viewer', project_id },
    ];
    const statuses = async (bearer: string) => {
      const answers = await Promise.all(targets.map((target) => invite({ user_email: address(), ...target }, { bearer })));
      return answers.map(({ status }) => status);
    };
    const [none, ok] = [404, 201];
    expect(await statuses((await member('org_admin', { org_id })).bearer)).toEqual([403, ok, ok, ok, ok, ok, ok]);
    expect(await statuses((await member('member', { org_id })).bearer)).toEqual([403, 403, 403, 403, 403, 403, 403]);
    expect(await statuses((await member('team_admin', { team_id })).bearer)).toEqual([403, 403, 403, ok, ok, ok, ok]);
    expect(await statuses((await member('project_admin', { project_id })).bearer)).toEqual([403, 403, 403, 403, 403, ok, ok]);
    expect(await statuses((await member('viewer', { project_id })).bearer)).toEqual([403, 403, 403, 403, 403, 403, 403]);
    expect(await statuses((await member('org_admin', { org_id: foreign.org_id })).bearer)).toEqual([403, none, none, none, none, none, none]);
  });

  it('sees and changes invitations of what they administer, and of nothing else', async () => {
    const [place, foreign] = [await newPlace(), await newPlace()];
    const admin = await member('org_admin', { org_id: place.org_id });
    const stranger = await member('org_admin', { org_id: foreign.org_id });
    const { invitation_id } = (await invite({ user_email: address(), role: 'member', org_id: place.org_id })).body.invitation as { invitation_id: string };
    expect((await api.get('/v1/admin/invitations', { bearer: admin.bearer })).body.invitations.map((one: { org_id: string }) => one.org_id)).toEqual([place.org_id, place.org_id]);
    expect((await api.get(`/v1/admin/invitations?org_id=${place.org_id}`, { bearer: stranger.bearer })).status).toBe(404);
    expect((await api.post(`/v1/admin/invitations/${invitation_id}/resend`, { bearer: stranger.bearer })).status).toBe(404);
    expect((await api.delete(`/v1/admin/invitations/${invitation_id}`, { bearer: stranger.bearer })).status).toBe(404);
    expect((await api.delete(`/v1/admin/invitations/${invitation_id}`, { bearer: admin.bearer })).status).toBe(204);
    expect((await invite({ user_email: address(), role: 'member' }, { headers: orgAdmin })).body.invitation.org_id).toBe(demo.org.id);
    expect((await api.post('/v1/admin/users/invite', { body: {} })).status).toBe(401);
    expect((await api.post('/v1/admin/users/invite', { basic: keyAndSecret, body: {} })).status).toBe(401);
  });

  it('of somebody who is there gives them a second organisation, and leaves their password', async () => {
    const [one, other] = [await newPlace(), await newPlace()];
    const person = await member('member', { org_id: one.org_id });
    const { last_login_at } = (await api.get('/v1/admin/users/me', { bearer: person.bearer })).body;
    expect(last_login_at).not.toBeNull();
    expect(await invite({ user_email: person.email, role: 'org_admin', org_id: other.org_id })).toMatchObject({ status: 201, body: { user: { last_login_at } } });
    const accepted = await accept((await mailWithToken(person.email, 2)).token, {});
    expect(accepted.body.user.last_login_at).toBe(last_login_at);
    expect(accepted.body.user.orgs.map((org: { org_id: string; role: string }) => [org.org_id, org.role]).sort()).toEqual([[one.org_id, 'member'], [other.org_id, 'org_admin']].sort());
    expect((await logIn(person.email)).user.user_id).toBe(person.userId);
    expect((await invite({ user_email: person.email, role: 'org_admin', org_id: other.org_id })).body).toMatchObject({ status: 409, code: 'role-held' });
  });

  it('is told nothing of what somebody is elsewhere, who has not joined them', async () => {
    const [one, other] = [await newPlace(), await newPlace()];
    const [person, inviter] = [await member('member', { org_id: one.org_id }), await member('org_admin', { org_id: other.org_id })];
    await api.patch('/v1/admin/users/me', { bearer: person.bearer, body: { preferences: { theme: 'dark' } } });
    const { body, status } = await invite({ user_email: person.email, role: 'member', org_id: other.org_id }, { bearer: inviter.bearer });
    const known = { user_id: person.userId, status: 'invited', global_role: null, preferences: {}, last_login_at: null, orgs: [{ org_id: other.org_id, org_name: 'Acme', role: 'member', status: 'invited' }] };
    expect([status, body.user]).toMatchObject([201, known]);
    const second = await member('member', { org_id: one.org_id });
    const batch = await api.post('/v1/admin/users/invite/batch', { bearer: inviter.bearer, body: { invitations: [{ user_email: second.email, role: 'member', org_id: other.org_id }] } });
    expect(batch.body.results[0].user).toMatchObject({ ...known, user_id: second.userId });
    expect((await api.get(`/v1/admin/users/${person.userId}`, { bearer: inviter.bearer })).body).toMatchObject(known);
    await accept((await mailWithToken(person.email, 2)).token, {});
    expect((await api.get(`/v1/admin/users/${person.userId}`, { bearer: inviter.bearer })).body).toMatchObject({ status: 'active', preferences: { theme: 'dark' }, last_login_at: expect.any(String) });
  });

  it('as super_admin is let in again after their account was closed, although they came into an organisation meanwhile', async () => {
    const { userId, email } = await member('super_admin', {});
    const one = `/v1/admin/users/${userId}`;
    const logInStatus = async () => (await api.post('/v1/auth/login', { body: { email, password } })).status;
    expect((await api.patch(one, { headers: superAdmin, body: { status: 'inactive' } })).body).toMatchObject({ status: 'inactive', orgs: [] });
    expect((await api.put(`/v1/admin/orgs/${(await newPlace()).org_id}/members/${userId}`, { headers: superAdmin, body: { role: 'member' } })).status).toBe(200);
    expect(await logInStatus()).toBe(403);
    expect((await api.patch(one, { headers: superAdmin, body: { status: 'active' } })).body).toMatchObject({ status: 'active', orgs: [{ status: 'active' }] });
    expect(await logInStatus()).toBe(200);
    expect((await api.delete(one, { headers: superAdmin })).status).toBe(204);
  });

  it('as super_admin reads the whole deployment’s audit trail; nobody else does', async () => {
    const answer = await api.get('/v1/admin/audit?action=user.invited&limit=1', { headers: superAdmin });
    expect([answer.status, answer.body.entries.length]).toEqual([200, 1]);
    expect((await api.get('/v1/admin/audit/export?action=user.invited', { headers: superAdmin })).headers.get('content-type')).toBe('application/x-ndjson');
    for (const path of ['/v1/admin/audit', '/v1/admin/audit/export']) {
      expect((await api.get(path, { bearer: await adminToken() })).status).toBe(403);
      expect((await api.get(path, { headers: orgAdmin })).status).toBe(403);
    }
  });
});
