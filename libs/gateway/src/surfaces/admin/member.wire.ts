import { z } from 'zod';
import type { NamedMember } from '../../upstream/members.js';

/** A role that somebody was given at an organisation, a team or a project. */
export const memberObject = z.object({
  user_id: z.string(),
  user_name: z.string().nullable(),
  user_email: z.string().nullable(),
  role: z.string(),
  assigned_at: z.string(),
});
export type MemberObject = z.output<typeof memberObject>;

/** In an organisation the membership has a status of its own. */
export const orgMemberObject = memberObject.extend({ status: z.enum(['invited', 'active', 'inactive']) });
export type OrgMemberObject = z.output<typeof orgMemberObject>;

export const roleText = z.string({ error: 'must be a string' }).min(1, 'must not be empty').max(64, 'must not be longer than 64 characters');

export function toMemberObject({ userId, person, role, assignedAt }: NamedMember): MemberObject {
  return { user_id: userId, user_name: person?.profile.displayName ?? null, user_email: person?.profile.email ?? null, role, assigned_at: assignedAt };
}

export function toOrgMemberObject(member: NamedMember): OrgMemberObject {
  return { ...toMemberObject(member), status: member.status ?? 'active' };
}
