/** The one table of who may do what. The gateway and the services read it; the documentation is generated from it. */

/** What a role of a project can be made of: a project's own roles choose among these. */
export const projectPermissions = ['users:read', 'users:write', 'users:delete', 'roles:write', 'events:read', 'events:write', 'segments:write'] as const;
export type ProjectPermission = (typeof projectPermissions)[number];

/**
 * What the clients of surfaces A and B, and the applications that sign end users’ tokens, may do with a project’s users: everything but to give and take roles. Who may
 * do more is not theirs to log in as.
 */
export const permissionsOfClients: readonly ProjectPermission[] = projectPermissions.filter((permission) => permission !== 'roles:write');

export const deploymentRoles = ['super_admin'] as const;
export const organisationRoles = ['org_admin', 'member'] as const;
export const teamRoles = ['team_admin', 'team_member'] as const;
export const projectRoles = ['project_admin', 'editor', 'viewer'] as const;
export type ProjectRole = (typeof projectRoles)[number];
export type Role = (typeof deploymentRoles)[number] | (typeof organisationRoles)[number] | (typeof teamRoles)[number] | ProjectRole;

export const levels = ['deployment', 'organisation', 'team', 'project'] as const;
export type Level = (typeof levels)[number];

/** The roles that are given at each level. A project can have others, which it defines itself. */
export const rolesOfLevel = { deployment: deploymentRoles, organisation: organisationRoles, team: teamRoles, project: projectRoles } as const satisfies Record<Level, readonly Role[]>;

/** Everything that can be done at each level, and what it means. */
export const permissionMeanings = {
  deployment: {
    'orgs:create': 'make organisations',
    'orgs:list': 'see every organisation',
    'orgs:delete': 'delete organisations',
    'roles:write': 'make and unmake super administrators',
    'audit:read': 'read the audit trail of the whole deployment',
    'signing-keys:write': 'see, rotate and remove the keys that tokens are signed with',
    'sessions:write': 'log out all staff',
    'jobs:read': 'see scheduled work, queues and dead letters',
    'jobs:write': 'run and pause scheduled work, replay and discard dead letters',
    'receipts:read': 'list, download and verify the receipts of erasures',
    'receipts:write': 'rotate the key that receipts of erasures are signed with',
  },
  organisation: {
    'org:read': 'see the organisation',
    'org:write': 'rename it, change its slug',
    'org:administer': 'API keys, invitations, single sign-on and audit of the organisation',
    'staff:read': 'see one colleague, and where they belong',
    'staff:list': 'list and search the people of the organisation',
    'staff:write': 'change what belongs to a person: their name, e-mail and password',
    'staff:delete': 'delete a person, restore and erase them',
    'staff:export': 'take out everything that is held about a person',
    'roles:write': 'give and take roles, activate and deactivate people in the organisation',
    'teams:create': 'make teams, delete them',
    'projects:create': 'make projects anywhere in the organisation, delete them',
  },
  team: {
    'team:read': 'see the team',
    'team:write': 'rename the team',
    'team:delete': 'delete the team',
    'staff:read': 'see one colleague of the team',
    'staff:list': 'list and search the people of the team',
    'staff:write': 'change the name of a person of the team',
    'roles:write': 'give and take roles in the team',
    'projects:create': 'make projects of the team',
  },
  project: {
    'users:read': 'read users of the project',
    'users:write': 'create and change them',
    'users:delete': 'erase them',
    'roles:write': 'give and take roles in the project, define roles of its own',
    'events:read': 'read events',
    'events:write': 'track events',
    'segments:write': 'change lists and segments',
    'users:export': 'take out everything that is held about a user, or about all',
    'users:import': 'bring in users and events from files',
    'project:read': 'see the project and its settings',
    'project:write': 'change its name, slug, metadata and settings',
    'project:delete': 'delete the project, take it to another team',
    'project:administer': 'keys, clients and everything else that is set up in a project',
    'staff:read': 'see one colleague of the project',
    'staff:list': 'list and search the staff of the project',
    'staff:write': 'change the name of a person of the project',
  },
} as const satisfies Record<Level, Readonly<Record<string, string>>>;

export type PermissionAt<L extends Level> = keyof (typeof permissionMeanings)[L] & string;
export type Permission = { [L in Level]: PermissionAt<L> }[Level];

/** The permissions of each level, in the table's order. */
export const permissionsOfLevel: { readonly [L in Level]: readonly PermissionAt<L>[] } = {
  deployment: Object.keys(permissionMeanings.deployment) as PermissionAt<'deployment'>[],
  organisation: Object.keys(permissionMeanings.organisation) as PermissionAt<'organisation'>[],
  team: Object.keys(permissionMeanings.team) as PermissionAt<'team'>[],
  project: Object.keys(permissionMeanings.project) as PermissionAt<'project'>[],
};

/** What each role of a project may do with the project's users, events and segments. */
export const permissionsOfProjectRole: Readonly<Record<ProjectRole, readonly ProjectPermission[]>> = {
  viewer: ['users:read', 'events:read'],
  editor: ['users:read', 'events:read', 'events:write', 'segments:write'],
  project_admin: projectPermissions,
};

/** What everybody with a role in a project may do there, the roles that it defines itself included. */
export const permissionsOfProjectMembers = ['project:read', 'staff:read', 'staff:list'] as const satisfies readonly PermissionAt<'project'>[];

const allOfProject = permissionsOfLevel.project;
const allButDeleting = allOfProject.filter((permission) => permission !== 'project:delete');

/** What each role lets its holder do at a level: at the one it was given at, and at those below. */
export const permissionTable: { readonly [L in Level]: Readonly<Partial<Record<Role, readonly PermissionAt<L>[]>>> } = {
  deployment: { super_admin: permissionsOfLevel.deployment },
  organisation: {
    super_admin: permissionsOfLevel.organisation,
    org_admin: permissionsOfLevel.organisation,
    member: ['org:read', 'staff:read'],
  },
  team: {
    super_admin: permissionsOfLevel.team,
    org_admin: permissionsOfLevel.team,
    team_admin: permissionsOfLevel.team.filter((permission) => permission !== 'team:delete'),
    team_member: ['team:read', 'staff:read', 'staff:list'],
  },
  project: {
    super_admin: allOfProject,
    org_admin: allOfProject,
    team_admin: allOfProject,
    team_member: [...permissionsOfProjectRole.viewer, ...permissionsOfProjectMembers],
    project_admin: allButDeleting,
    editor: [...permissionsOfProjectRole.editor, ...permissionsOfProjectMembers],
    viewer: [...permissionsOfProjectRole.viewer, ...permissionsOfProjectMembers],
  },
};

/** The project role that a role further up implies in every project below it; a plain `member` has nothing there. */
export const impliedProjectRole: Readonly<Partial<Record<string, ProjectRole>>> = {
  super_admin: 'project_admin',
  org_admin: 'project_admin',
  team_admin: 'project_admin',
  team_member: 'viewer',
};

/** What the roles, whatever level they were given at, let their holder do at a level. In the table's order, so that equal access is an equal answer. */
export function permissionsAt<L extends Level>(level: L, roles: readonly string[]): PermissionAt<L>[] {
  const table: Readonly<Partial<Record<string, readonly PermissionAt<L>[]>>> = permissionTable[level];
  const held = new Set(roles.flatMap((role) => (Object.hasOwn(table, role) ? (table[role] ?? []) : [])));
  return permissionsOfLevel[level].filter((permission) => held.has(permission));
}
