import type { ProjectPermission } from '#libs/contracts';
import type { Caller, EngagementCaller, EnvironmentCaller, ProjectCaller } from './caller.js';

/** Who may call a route. The guard switches over `kind`; documentation and the permission matrix are made from the same value. */
export type AccessRule<C extends Caller | undefined = Caller | undefined> = (
  | { readonly kind: 'anyone' }
  | { readonly kind: 'engagement'; readonly secret: 'optional' | 'required' }
  | { readonly kind: 'environment'; readonly role: 'events' | 'workbench' }
  | { readonly kind: 'project'; readonly permission: ProjectPermission }
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
