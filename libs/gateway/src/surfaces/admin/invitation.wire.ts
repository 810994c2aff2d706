import { z } from 'zod';
import { mailedEmail, membership, rolesOfLevel, type Level } from '#libs/contracts';
import { platformErrors } from '#libs/platform/errors';
import type { InvitedPerson } from '../../upstream/invitations.js';
import { nameText, text } from './management.wire.js';
import { personalOf, statusAmong } from './user.wire.js';

export const invitationObject = z.object({
  invitation_id: z.string(),
  user_id: z.string(),
  user_email: z.string(),
  role: z.string(),
  org_id: z.string().nullable(),
  team_id: z.string().nullable(),
  project_id: z.string().nullable(),
  status: membership.invitationStatus,
  email_status: membership.emailStatus.nullable().describe('What became of the last mail; null while that is not known'),
  invited_by: z.object({ type: z.string(), id: z.string() }),
  created_at: z.string(),
  expires_at: z.string(),
  closed_at: z.string().nullable().describe('When it was accepted, expired or cancelled'),
});
export type InvitationObject = z.output<typeof invitationObject>;

export const invitedUserObject = z.object({
  user_id: z.string(),
  user_name: z.string().nullable(),
  user_email: z.string().nullable(),
  status: z.enum(['invited', 'active', 'inactive']),
  global_role: z.string().nullable(),
  preferences: z.record(z.string(), z.json()),
  orgs: z.array(z.object({ org_id: z.string(), org_name: z.string(), role: z.string(), status: z.string() })),
  email_status: membership.emailStatus.nullable(),
  created_at: z.string(),
  updated_at: z.string(),
  last_login_at: z.string().nullable(),
});
export type InvitedUserObject = z.output<typeof invitedUserObject>;

export const userAndInvitation = z.object({ user: invitedUserObject, invitation: invitationObject });

const roles = Object.values(rolesOfLevel).flat();

export const inviteBody = z.strictObject({
  user_email: mailedEmail,
  role: z.enum(roles, { error: `must be one of ${roles.join(', ')}` }),
  org_id: text.nullish().describe('For org_admin and member; default: your organisation, if you have one only'),
  team_id: text.nullish().describe('For team_admin and team_member'),
  project_id: text.nullish().describe('For project_admin, editor and viewer'),
});
export type InviteBody = z.output<typeof inviteBody>;

export const acceptBody = z.strictObject({
  token: z.string().min(1).max(512),
  password: z.string().max(1_024).nullish().describe('Of somebody who can’t log in yet'),
  user_name: nameText.nullish().describe('The name that they show'),
});

const idOfLevel = { organisation: 'org_id', team: 'team_id', project: 'project_id' } as const;

/** What the role is a role in: the level, and the id that the body names for it. @throws Failure `invalid-request` */
export function placeOfInvitation({ role, ...ids }: InviteBody): { level: Level; id: string | undefined; widerOrganisation: string | undefined } {
  const level = (Object.keys(rolesOfLevel) as Level[]).find((one) => (rolesOfLevel[one] as readonly string[]).includes(role))!;
  const own = level === 'deployment' ? undefined : idOfLevel[level];
  for (const name of Object.values(idOfLevel)) {
    const isWider = name === 'org_id' && level !== 'deployment';
    if (ids[name] != null && name !== own && !isWider) throw wrongId(name, `is not for the role ${role}`);
  }
  if ((level === 'team' || level === 'project') && ids[own!] == null) throw wrongId(own!, `is required for the role ${role}`);
  return { level, id: own === undefined ? undefined : (ids[own] ?? undefined), widerOrganisation: level === 'organisation' ? undefined : (ids.org_id ?? undefined) };
}

export function wrongId(path: string, message: string) {
  return platformErrors.failure('invalid-request', `${path}: ${message}.`, { details: [{ path, message }] });
}

export function toInvitationObject(invitation: membership.Invitation): InvitationObject {
  const { invitationId, userId, email, role, organisationId, teamId, projectId, status, emailStatus, invitedBy, createdAt, expiresAt, closedAt } = invitation;
  return {
    invitation_id: invitationId,
    user_id: userId,
    user_email: email,
    role,
    org_id: organisationId,
    team_id: teamId,
    project_id: projectId,
    status,
    email_status: emailStatus,
    invited_by: invitedBy,
    created_at: createdAt,
    expires_at: expiresAt,
    closed_at: closedAt,
  };
}

export function toInvitedUserObject({ user: { status, globalRole, organisations }, profile, invitation, lastLoginAt }: InvitedPerson): InvitedUserObject {
  const orgs = organisations.map(({ organisationId, name, role, status: own }) => ({ org_id: organisationId, org_name: name, role, status: own }));
  return {
    user_id: profile.userId,
    user_name: profile.displayName,
    user_email: profile.email,
    status: profile.isActive ? (statusAmong(orgs.map((org) => org.status)) ?? status) : 'inactive',
    global_role: globalRole,
    ...personalOf(orgs, profile.preferences, lastLoginAt),
    orgs,
    email_status: invitation.emailStatus,
    created_at: profile.createdAt,
    updated_at: profile.modifiedAt,
  };
}
