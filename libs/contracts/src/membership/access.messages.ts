import { z } from 'zod';
import { defineMessage } from '#libs/platform/messages';
import { actor, id } from '../values.js';
import { levels, projectPermissions } from './permissions.js';

export const scope = z.discriminatedUnion('level', [
  z.object({ level: z.literal('deployment') }),
  z.object({ level: z.literal('organisation'), organisationId: id }),
  z.object({ level: z.literal('team'), teamId: id }),
  z.object({ level: z.literal('project'), projectId: id }),
]);
export type Scope = z.output<typeof scope>;

/**
 * Gives a user a role. Granting what they have is no change. In the deployment, an organisation and a team a user has one
 * role, and another one takes its place; the roles in a project add up. A hidden or erased user is not found.
 */
export const grantRole = defineMessage({
  subject: 'membership.role.grant',
  request: z.object({ userId: id, scope, role: z.string().max(64), actor }),
  response: z.object({ granted: z.boolean() }),
  errors: ['role-unknown', 'organisation-not-found', 'team-not-found', 'project-not-found', 'user-not-found', 'last-org-admin'],
});

/** A role that a user holds, and the level it was given at. */
export const heldRole = z.object({ level: z.enum(levels), role: z.string() });
export type HeldRole = z.output<typeof heldRole>;

/**
 * What a user may do at a place: in the deployment, an organisation, a team or a project. Who has nothing to do with the
 * place does not `belong`; who has a role below it (in a team of the organisation) does, though it allows nothing there.
 */
export const getAccess = defineMessage({
  subject: 'membership.access.get',
  request: z.object({ userId: id, place: scope }),
  response: z.object({
    belongs: z.boolean(),
    /** Every role that allows something at the place, from the top down. `permissions`, what it allows: absent where a service of the release before answers. */
    roles: z.array(heldRole.extend({ permissions: z.array(z.string()).optional() })),
    permissions: z.array(z.string()),
    /** Where the place lies. */
    organisationId: id.nullable(),
    teamId: id.nullable(),
  }),
  errors: ['organisation-not-found', 'team-not-found', 'project-not-found'],
});

/** What a user may do in a project, and through which path. No role: empty lists. */
export const getProjectAccess = defineMessage({
  subject: 'membership.access.get-project',
  request: z.object({ userId: id, projectId: id }),
  response: z.object({
    /** Every role that reaches the project, with the level it was given at. */
    paths: z.array(z.object({ level: z.enum(['deployment', 'organisation', 'team', 'project']), role: z.string(), projectRole: z.string() })),
    permissions: z.array(z.enum(projectPermissions)),
  }),
});

/** The roles a user holds above projects: what staff routes ask. */
export const getStaffRoles = defineMessage({
  subject: 'membership.access.get-staff',
  request: z.object({ userId: id }),
  response: z.object({ globalRole: z.enum(['super_admin']).nullable(), organisations: z.array(z.object({ organisationId: id, name: z.string(), role: z.string() })) }),
});

/** Whether anybody runs the deployment yet. */
export const describeDeployment = defineMessage({
  subject: 'membership.deployment.describe',
  request: z.object({}),
  response: z.object({ claimed: z.boolean() }),
});

/** Makes the user the first super_admin, if there is none: one of any number of concurrent claims succeeds. The same user again is a retry. */
export const claimDeployment = defineMessage({
  subject: 'membership.deployment.claim',
  request: z.object({ userId: id, actor }),
  response: z.object({}),
  errors: ['deployment-claimed', 'user-not-found'],
});
