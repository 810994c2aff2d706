import { mailWithToken } from './mails.js';
import { api, platform, unique } from './platform-under-test.js';

export interface StaffMember {
  userId: string;
  email: string;
  password: string;
  /** An access token. */
  bearer: string;
}

/** Somebody new who was invited to be the organisation's administrator, and has accepted. */
export async function newOrgAdmin(organisationId: string): Promise<StaffMember> {
  const email = `${unique('staff')}@example.com`;
  const password = 'correct horse battery';
  const invited = await api.post('/v1/admin/users/invite', { headers: { 'x-api-key': platform.demo.superAdmin.apiKey }, body: { user_email: email, role: 'org_admin', org_id: organisationId } });
  if (invited.status !== 201) throw new Error(`the invitation was answered with ${invited.status}: ${invited.text}`);
  await api.post('/v1/auth/invitations/accept', { body: { token: (await mailWithToken(email)).token, password } });
  const { access_token, user } = (await api.post('/v1/auth/login', { body: { email, password } })).body as { access_token: string; user: { user_id: string } };
  return { userId: user.user_id, email, password, bearer: access_token };
}
