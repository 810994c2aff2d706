import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, timestamp } from '../values.js';
import { scope } from './access.messages.js';
import { emailStatus } from './invitation.messages.js';
import { nextCursor, page } from './organisation.messages.js';
import { levels } from './permissions.js';

export const membershipStatus = z.enum(['invited', 'active', 'inactive']);
export type MembershipStatus = z.output<typeof membershipStatus>;

/** One role that somebody was given, and where. `status` is that of the organisation they are a member of; null at other levels. */
export const givenRole = z.object({
  level: z.enum(levels),
  organisationId: id.nullable(),
  teamId: id.nullable(),
  projectId: id.nullable(),
  /** Of the organisation, team or project. */
  name: z.string().nullable(),
  role: z.string(),
  status: membershipStatus.nullable(),
  assignedAt: timestamp,
});
export type GivenRole = z.output<typeof givenRole>;

/** Somebody with a role, as far as the asker may see: roles in places they have no part in are left out. */
export const staffMember = z.object({
  userId: id,
  deletedAt: timestamp.nullable(),
  roles: z.array(givenRole),
  /** Of the last mail of an invitation that they have not accepted yet; null while nobody can say, absent without one. */
  emailStatus: emailStatus.nullable().optional(),
});
export type StaffMember = z.output<typeof staffMember>;

/** Whose eyes it is seen with: a staff member's, or those of an API key, which are as wide as what it was made for; both null: everything. */
export const viewer = z.discriminatedUnion('kind', [z.object({ kind: z.literal('user'), userId: id }), z.object({ kind: z.literal('key'), organisationId: id.nullable(), projectId: id.nullable(), roles: z.array(z.string()) })]);
export type Viewer = z.output<typeof viewer>;

export const staffSortKeys = ['name', 'email', 'created_at'] as const;
export const memberPlace = z.discriminatedUnion('level', [scope.options[1], scope.options[2], scope.options[3]]);
export type MemberPlace = z.output<typeof memberPlace>;

/**
 * The people of an organisation, a team, or a project (those with a role in it and the members of its team), sorted. A walk
 * by cursors neither misses nor repeats anybody who stays as they are. `search`: anywhere in name or email, in any case.
 */
export const listStaff = defineMessage({
  subject: 'membership.staff.list',
  request: page.extend({ place: memberPlace, search: z.string().max(200).optional(), sortBy: z.enum(staffSortKeys), descending: z.boolean(), viewer }),
  response: z.object({ users: z.array(staffMember), nextCursor }),
  errors: ['organisation-not-found', 'team-not-found', 'project-not-found', 'invalid-cursor'],
});

/** Somebody, if the viewer has anything in common with them. Who is deleted is there for those alone who could restore them. */
export const getStaffMember = defineMessage({
  subject: 'membership.staff.get',
  request: z.object({ userId: id, viewer }),
  response: staffMember,
  errors: ['user-not-found'],
});

/** A page of those who were given a role at the place itself, the newest users first. */
export const listMembers = defineMessage({
  subject: 'membership.member.list',
  request: page.extend({ place: memberPlace }),
  response: z.object({ members: z.array(z.object({ userId: id, role: z.string(), status: membershipStatus.nullable(), assignedAt: timestamp })), nextCursor }),
  errors: ['invalid-cursor'],
});

/**
 * Who gives or takes, and what they may do at the place. Of a user membership looks itself, when it writes; of an API key
 * it believes the gateway. `everywhere`: an API key of the deployment.
 */
export const placeGrantor = z.object({ actor, permissions: z.array(z.string()), everywhere: z.boolean() });

/**
 * Gives somebody a role at a place, in place of those they were given there, or changes the status of their membership in
 * an organisation. Nobody gives what they lack, or takes from somebody who may do more there. Who has nothing to do with
 * the organisation is not found, except by super administrators.
 */
export const setMember = defineMessage({
  subject: 'membership.member.set',
  request: z.object({ userId: id, place: memberPlace, role: z.string().max(64).optional(), status: z.enum(['active', 'inactive']).optional(), grantor: placeGrantor }),
  response: z.object({ userId: id, role: z.string(), status: membershipStatus.nullable(), assignedAt: timestamp }),
  errors: ['organisation-not-found', 'team-not-found', 'project-not-found', 'user-not-found', 'role-unknown', 'role-required', 'permission-not-held', 'last-org-admin', 'invitation-pending'],
});

/** Takes every role that somebody was given at the place; from an organisation also those in its teams and projects. */
export const removeMember = defineMessage({
  subject: 'membership.member.remove',
  request: z.object({ userId: id, place: memberPlace, grantor: placeGrantor }),
  response: z.object({}),
  errors: ['organisation-not-found', 'team-not-found', 'project-not-found', 'user-not-found', 'permission-not-held', 'last-org-admin'],
});

/** Takes over profiles' present names of people; those that membership has no role of are left out. */
export const refreshDirectory = defineMessage({
  subject: 'membership.directory.refresh',
  request: z.object({ userIds: z.array(id).min(1).max(100) }),
  response: z.object({}),
});

/**
 * Whether the viewer may change what belongs to a person themself (`write`), delete them, or be given everything that is held about them (`export`). Administrators may while theirs
 * is the person's only organisation, and of nobody who stands higher than they; super administrators always.
 */
export const authoriseStaffChange = defineMessage({
  subject: 'membership.staff.authorise',
  request: z.object({ userId: id, viewer, change: z.enum(['write', 'delete', 'export']) }),
  response: z.object({}),
  errors: ['user-not-found', 'user-shared', 'permission-missing'],
});

/**
 * Changes what membership holds about somebody, all of it or nothing: whether they are a super administrator (the last one stays), and their
 * status in every organisation that they share with the viewer and the viewer administers.
 */
export const changeStaff = defineMessage({
  subject: 'membership.staff.change',
  request: z.object({
    userId: id,
    globalRole: z.enum(['super_admin']).nullable().optional(),
    status: z.enum(['active', 'inactive']).optional(),
    /** What others hold is to be changed with it: name and preferences. */
    changesPerson: z.boolean(),
    /** True: only say whether it would be refused. */
    tryOut: z.boolean(),
    viewer,
    actor,
  }),
  /** False: the status is that of their account as well; there is no organisation in which it could be, or a super administrator activates them. */
  response: z.object({ hasStatus: z.boolean() }),
  errors: ['user-not-found', 'user-shared', 'permission-missing', 'permission-not-held', 'last-org-admin', 'last-super-admin', 'invitation-pending', 'organisation-not-found'],
});

/** Deletes somebody so that they can be restored: no list shows them, no role counts, no login works. Repeating it changes nothing. */
export const deleteStaff = defineMessage({
  subject: 'membership.staff.delete',
  request: z.object({ userId: id, viewer, actor }),
  response: z.object({}),
  errors: ['user-not-found', 'user-shared', 'permission-missing', 'last-org-admin', 'last-super-admin'],
});

/** Takes that back: roles and login are as they were. */
export const restoreStaff = defineMessage({
  subject: 'membership.staff.restore',
  request: z.object({ userId: id, viewer, actor }),
  response: z.object({}),
  errors: ['user-not-found', 'user-shared', 'permission-missing'],
});

export const isStaffDeleted = defineMessage({
  subject: 'membership.staff.is-deleted',
  request: z.object({ userId: id }),
  response: z.object({ deleted: z.boolean() }),
});

/**
 * Some of those who were deleted so many seconds ago, or more: their erasure is due, and from now on nobody restores them. Whoever is
 * not erased yet is answered again, so that it may be asked for twice.
 */
export const takeExpiredStaff = defineMessage({
  subject: 'membership.staff.take-expired',
  request: z.object({ olderThanSeconds: z.number().int().min(0) }),
  response: z.object({ users: z.array(z.object({ userId: id, organisationIds: z.array(id) })) }),
});
