import type { ProjectPermission } from '#libs/contracts';
import type { AdminOrganisationCaller, AdminProjectCaller, Caller, EndUserCaller, EngagementCaller, EnvironmentCaller, ProjectCaller } from './caller.js';

/** What a call of the admin surface takes in a project: a permission there, or to be its administrator. */
export type AdminPermission = ProjectPermission | 'project:administer';

/** Who may call a route. The guard switches over `kind`; documentation and the permission matrix are made from the same value. */
export type AccessRule<C extends Caller | undefined = Caller | undefined> = (
  | { readonly kind: 'anyone' }
  | { readonly kind: 'engagement'; readonly secret: 'optional' | 'required' }
  | { readonly kind: 'environment'; readonly role: 'events' | 'workbench' }
  | { readonly kind: 'project'; readonly permission: ProjectPermission }
  | { readonly kind: 'end-user' }
  | { readonly kind: 'admin-project'; readonly permission: AdminPermission }
  | { readonly kind: 'admin-organisation' }
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

/**
 * Surface D, under `/v1/admin/projects/:project_id`: staff, or an API key above the project, with what is needed there.
 * `project:administer` is what project_admin, org_admin and super_admin have.
 */
export function adminProject(permission: AdminPermission): AccessRule<AdminProjectCaller> {
  return { kind: 'admin-project', permission };
}

/** Surface D, under `/v1/admin/orgs/:org_id`: an org_admin, a super_admin, or an API key with such a role. */
export const adminOrganisation: AccessRule<AdminOrganisationCaller> = { kind: 'admin-organisation' };
