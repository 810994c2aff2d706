import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id, timestamp } from '../values.js';
import { deploymentRoles, organisationRoles, projectPermissions, projectRoles, teamRoles } from './permissions.js';

/** Lower-case letters, digits, `_` and `-`, 1–63, beginning with a letter. */
export const projectRoleName = z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/, 'must be 1 to 63 lower-case letters, digits, _ or -, beginning with a letter');

/** Names that mean a role at a level above projects: a project can't give them a meaning of its own. */
export const reservedRoleNames: ReadonlySet<string> = new Set([...deploymentRoles, ...organisationRoles, ...teamRoles]);

/** The names of the roles that every project has, and nobody can change. */
export const builtInRoleNames: ReadonlySet<string> = new Set(projectRoles);

/** A project has no more roles of its own than this. */
export const mostProjectRoles = 100;
/** Nor has a user more roles in one project. */
export const mostRolesOfUser = 20;

const permission = z.enum(projectPermissions);

/** A role of a project. Nobody changed a built-in one, ever: the last four are null. */
export const projectRole = z.object({
  role: z.string(),
  permissions: z.array(permission),
  builtIn: z.boolean(),
  createdAt: timestamp.nullable(),
  createdBy: z.string().nullable(),
  modifiedAt: timestamp.nullable(),
  modifiedBy: z.string().nullable(),
});
export type ProjectRoleDefinition = z.output<typeof projectRole>;

/**
 * Who hands something out, and what they may do in the project themselves. Of a user membership looks itself, when it
 * writes; of an API key it believes what identity said.
 */
export const grantor = z.object({ actor, permissions: z.array(permission) });
export type Grantor = z.output<typeof grantor>;

/** The built-in roles, from the strongest on, then the project's own by name. */
export const listProjectRoles = defineMessage({
  subject: 'membership.project-role.list',
  request: z.object({ projectId: id }),
  response: z.object({ roles: z.array(projectRole) }),
});

export const getProjectRole = defineMessage({
  subject: 'membership.project-role.get',
  request: z.object({ projectId: id, role: z.string().max(256) }),
  response: projectRole,
  errors: ['role-not-found'],
});

/** Makes a role or gives it other permissions, which those who hold it have from then on. */
export const putProjectRole = defineMessage({
  subject: 'membership.project-role.put',
  request: z.object({ projectId: id, role: projectRoleName, permissions: z.array(permission), grantor }),
  response: projectRole,
  errors: ['project-not-found', 'role-built-in', 'role-reserved', 'role-limit', 'permission-not-held'],
});

/** Removes a role that nobody holds. `role-held` says how many do. */
export const removeProjectRole = defineMessage({
  subject: 'membership.project-role.remove',
  request: z.object({ projectId: id, role: z.string().max(256), actor }),
  response: z.object({}),
  errors: ['role-not-found', 'role-built-in', 'role-held'],
});

const roleNames = z.array(z.string().max(256)).max(mostRolesOfUser);

/**
 * Whether the grantor may give somebody these roles, before anything is written: every role is one of the project, and
 * has no permission that the grantor lacks.
 */
export const checkProjectRoles = defineMessage({
  subject: 'membership.project-role.check',
  request: z.object({ projectId: id, roles: roleNames, /** Those that the user has already, which nobody hands out. */ held: z.array(z.string()).default([]), grantor }),
  response: z.object({}),
  /** `role-unknown` names the places: `roles[1]`. */
  errors: ['role-unknown', 'permission-not-held'],
});

/**
 * Whether the grantor may change how somebody logs in, or their roles: nobody does who could do less than them, or they
 * would soon be them. Users may do so to themselves.
 */
export const checkRank = defineMessage({
  subject: 'membership.project-role.check-rank',
  request: z.object({ projectId: id, userId: id, grantor }),
  response: z.object({}),
  errors: ['permission-not-held'],
});

/** What roles a user was given in a project itself. `version` grows with every change of any of the user's roles. */
export const rolesInProject = z.object({ userId: id, version: z.number().int(), roles: z.array(z.string()) });

/**
 * Gives a user whose home the project is exactly these roles in it. What is added may have no permission that the grantor
 * lacks, and nobody changes the roles of somebody who may do more than they.
 */
export const setProjectRoles = defineMessage({
  subject: 'membership.project-role.set',
  request: z.object({ projectId: id, userId: id, roles: roleNames, grantor }),
  response: rolesInProject,
  errors: ['role-unknown', 'permission-not-held', 'project-not-found', 'user-not-found'],
});

/** The present roles of users in one project, for whoever holds a copy. Users without a role there are left out unless they had one. */
export const describeProjectRoles = defineMessage({
  subject: 'membership.project-role.describe',
  request: z.object({ projectId: id, userIds: z.array(id).min(1).max(1_000) }),
  response: z.object({ users: z.array(rolesInProject) }),
});

/** Somebody not at home in a project who has roles in it: `roles` all of them, `direct` those that were given there. */
export const projectStaffMember = z.object({ userId: id, roles: z.array(z.string()), direct: z.array(z.string()) });
export type ProjectStaffMember = z.output<typeof projectStaffMember>;

/** Everybody with a role that reaches the project, but those whose home it is. */
export const listProjectStaff = defineMessage({
  subject: 'membership.project-role.list-staff',
  request: z.object({ projectId: id }),
  response: z.object({ staff: z.array(projectStaffMember) }),
});

/** Takes the roles from a staff member that they were given in the project itself; `role-implied` when those are none. */
export const removeStaffFromProject = defineMessage({
  subject: 'membership.project-role.remove-staff',
  request: z.object({ projectId: id, userId: id, grantor }),
  response: z.object({}),
  errors: ['user-not-found', 'role-implied', 'permission-not-held'],
});
