/** The one table of who may do what. The gateway and the services read it; the documentation is generated from it. */

export const projectPermissions = ['users:read', 'users:write', 'users:delete', 'roles:write', 'events:read', 'events:write', 'segments:write'] as const;
export type ProjectPermission = (typeof projectPermissions)[number];

export const deploymentRoles = ['super_admin'] as const;
export const organisationRoles = ['org_admin', 'member'] as const;
export const teamRoles = ['team_admin', 'team_member'] as const;
export const projectRoles = ['project_admin', 'editor', 'viewer'] as const;
export type ProjectRole = (typeof projectRoles)[number];
export type Role = (typeof deploymentRoles)[number] | (typeof organisationRoles)[number] | (typeof teamRoles)[number] | ProjectRole;

/** What each role of a project may do in it. */
export const permissionsOfProjectRole: Readonly<Record<ProjectRole, readonly ProjectPermission[]>> = {
  viewer: ['users:read', 'events:read'],
  editor: ['users:read', 'events:read', 'events:write', 'segments:write'],
  project_admin: projectPermissions,
};

/** The project role that a role further up implies in every project below it; a plain `member` has nothing there. */
export const impliedProjectRole: Readonly<Partial<Record<string, ProjectRole>>> = {
  super_admin: 'project_admin',
  org_admin: 'project_admin',
  team_admin: 'project_admin',
  team_member: 'viewer',
};
