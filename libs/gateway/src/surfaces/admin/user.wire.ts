import { z } from 'zod';
import { membership } from '#libs/contracts';
import type { Admin } from '../../access/admin.js';
import type { Person } from '../../upstream/people.js';

const userStatus = z.enum(['invited', 'active', 'inactive', 'deleted']);

/** A staff member, as far as the asker may see: organisations they are not in themselves are left out. */
export const userObject = z.object({
  user_id: z.string(),
  user_name: z.string().nullable().describe('The name to show'),
  user_email: z.string().nullable(),
  status: userStatus,
  global_role: z.string().nullable(),
  preferences: z.record(z.string(), z.unknown()),
  orgs: z.array(z.object({ org_id: z.string(), org_name: z.string(), role: z.string(), status: z.enum(['invited', 'active', 'inactive']) })),
  email_status: membership.emailStatus.nullable().optional().describe('Of the last mail of an invitation that awaits its acceptance; null while that is not known, absent without one'),
  created_at: z.string(),
  updated_at: z.string(),
  last_login_at: z.string().nullable(),
});
export type UserObject = z.output<typeof userObject>;

export const membershipsObject = z.object({
  teams: z.array(z.object({ team_id: z.string(), team_name: z.string(), role: z.string(), assigned_at: z.string() })),
  projects: z.array(z.object({ project_id: z.string(), project_name: z.string(), team_id: z.string().nullable(), role: z.string(), assigned_at: z.string() })),
});
export type MembershipsObject = z.output<typeof membershipsObject>;

export const userParams = z.object({ user_id: z.string() });

export function viewerOf({ userId, key }: Admin): membership.Viewer {
  if (userId !== undefined) return { kind: 'user', userId };
  return { kind: 'key', organisationId: key?.organisationId ?? null, projectId: key?.projectId ?? null, roles: [...(key?.roles ?? [])] };
}

/** @param isOwn it is for the person themselves */
export function toUserObject(member: membership.StaffMember, { profile, login }: Person, isOwn = false): UserObject {
  const orgs = member.roles.filter(({ level }) => level === 'organisation').map(({ organisationId, name, role, status }) => ({ org_id: organisationId ?? '', org_name: name ?? '', role, status: status ?? ('active' as const) }));
  return {
    user_id: member.userId,
    user_name: profile.displayName,
    user_email: profile.email,
    status: statusOf(member, orgs.map(({ status }) => status), login),
    global_role: member.roles.find(({ level }) => level === 'deployment')?.role ?? null,
    ...personalOf(isOwn ? [] : orgs, profile.preferences, login?.lastLoginAt),
    orgs,
    ...(member.emailStatus === undefined ? {} : { email_status: member.emailStatus }),
    created_at: profile.createdAt,
    updated_at: profile.modifiedAt,
  };
}

/** What somebody does elsewhere is nothing to those who have only invited them: an address is enough for that. */
export function personalOf<Preferences extends object>(orgs: readonly { status: string }[], preferences: Preferences, lastLoginAt: string | null | undefined) {
  const isStranger = orgs.length > 0 && orgs.every(({ status }) => status === 'invited');
  return isStranger ? { preferences: {}, last_login_at: null } : { preferences, last_login_at: lastLoginAt ?? null };
}

/** A closed account is inactive everywhere; else it is as active as in the organisation where it is most. */
function statusOf(member: membership.StaffMember, statuses: readonly string[], login: Person['login']): UserObject['status'] {
  if (member.deletedAt !== null) return 'deleted';
  if (login !== undefined && !login.isActive) return 'inactive';
  return statusAmong(statuses) ?? (login?.canLogIn === true ? 'active' : 'invited');
}

/** By those of the person's organisations that the asker sees; undefined where there is none. */
export function statusAmong(statuses: readonly string[]): 'invited' | 'active' | 'inactive' | undefined {
  return (['active', 'invited', 'inactive'] as const).find((status) => statuses.includes(status));
}

export function toMembershipsObject({ roles }: membership.StaffMember): MembershipsObject {
  return {
    teams: roles.flatMap(({ level, teamId, name, role, assignedAt }) => (level === 'team' && teamId !== null ? [{ team_id: teamId, team_name: name ?? '', role, assigned_at: assignedAt }] : [])),
    projects: roles.flatMap(({ level, projectId, teamId, name, role, assignedAt }) => (level === 'project' && projectId !== null ? [{ project_id: projectId, project_name: name ?? '', team_id: teamId, role, assigned_at: assignedAt }] : [])),
  };
}
