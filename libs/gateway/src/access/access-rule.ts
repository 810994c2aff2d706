import type { Level, PermissionAt, ProjectPermission } from '#libs/contracts';
import type { AdminCaller, AdminOrganisationCaller, AdminPlaceCaller, AdminProjectCaller, AdminTeamCaller, Caller, EndUserCaller, EngagementCaller, EnvironmentCaller, ProjectCaller, SignedInCaller, StaffCaller } from './caller.js';

/** What a call of the admin surface takes in a project. */
export type AdminPermission = PermissionAt<'project'>;

/** What a call takes at the place that its body or its query names. */
export type PermissionsByLevel = { readonly [L in Level]?: PermissionAt<L> };

/** Who may call a route. The guard switches over `kind`; documentation and the permission matrix are made from the same value. */
export type AccessRule<C extends Caller | undefined = Caller | undefined> = (
  | { readonly kind: 'anyone' }
  | { readonly kind: 'engagement'; readonly secret: 'optional' | 'required' }
  | { readonly kind: 'environment'; readonly role: 'events' | 'workbench' }
  | { readonly kind: 'project'; readonly permission: ProjectPermission }
  | { readonly kind: 'end-user' }
  | { readonly kind: 'signed-in' }
  | { readonly kind: 'admin-deployment'; readonly permission: PermissionAt<'deployment'> }
  | { readonly kind: 'admin-organisation'; readonly permission: PermissionAt<'organisation'> }
  | { readonly kind: 'admin-team'; readonly permission: PermissionAt<'team'> }
  | { readonly kind: 'admin-project'; readonly permission: AdminPermission }
  | { readonly kind: 'admin-place'; readonly from: 'body' | 'query'; readonly permissions: PermissionsByLevel }
  | { readonly kind: 'admin' }
  | { readonly kind: 'staff' }
) & { readonly caller?: C };

export const anyone: AccessRule<undefined> = { kind: 'anyone' };

/** Surface B: the project's key, and its secret too where `required`. */
export function engagementKey(secret: 'optional' | 'required'): AccessRule<EngagementCaller> {
  return { kind: 'engagement', secret };
}

/** Surface A: a client-credentials token with the role. */
export function environmentRole(role: 'events' | 'workbench'): AccessRule<EnvironmentCaller> {
  return { kind: 'environment', role };
}

/** Surface C: a user or API key that holds the permission in the project of the path. */
export function projectPermission(permission: ProjectPermission): AccessRule<ProjectCaller> {
  return { kind: 'project', permission };
}

/** Surface A: a token that the application signed for its end user. */
export const endUser: AccessRule<EndUserCaller> = { kind: 'end-user' };

/** Under `/v1/auth`: any user who is logged in, of a project or of the staff, for what is about themselves. */
export const signedIn: AccessRule<SignedInCaller> = { kind: 'signed-in' };

/** Surface D: what is done in the deployment as a whole. */
export function adminDeployment(permission: PermissionAt<'deployment'>): AccessRule<AdminCaller> {
  return { kind: 'admin-deployment', permission };
}

/** Surface D, under `/v1/admin/orgs/:org_id`: staff, or an API key, with the permission there. */
export function adminOfOrganisation(permission: PermissionAt<'organisation'>): AccessRule<AdminOrganisationCaller> {
  return { kind: 'admin-organisation', permission };
}

/** The same for what an org_admin, a super_admin, or an API key with such a role sets up in an organisation. */
export const adminOrganisation: AccessRule<AdminOrganisationCaller> = adminOfOrganisation('org:administer');

/** Surface D, under `/v1/admin/teams/:team_id`. */
export function adminTeam(permission: PermissionAt<'team'>): AccessRule<AdminTeamCaller> {
  return { kind: 'admin-team', permission };
}

/**
 * Surface D, under `/v1/admin/projects/:project_id`: staff, or an API key above the project, with what is needed there.
 * `project:administer` is what project_admin, org_admin and super_admin have.
 */
export function adminProject(permission: AdminPermission): AccessRule<AdminProjectCaller> {
  return { kind: 'admin-project', permission };
}

/**
 * Surface D, where the body or the query names the place by `org_id`, `team_id` or `project_id`, of which the narrowest
 * counts. A call that names none is let in without a place: the route says what that means, or its schema refuses it.
 */
export function adminPlace(from: 'body' | 'query', permissions: PermissionsByLevel): AccessRule<AdminPlaceCaller> {
  return { kind: 'admin-place', from, permissions };
}

/** Surface D: any staff member or API key above projects. The answer holds what is theirs to see, or the route asks further. */
export const adminAnywhere: AccessRule<AdminCaller> = { kind: 'admin' };

/** Surface D: a staff member in person, by their token. */
export const staffMember: AccessRule<StaffCaller> = { kind: 'staff' };
