import { impliedProjectRole, permissionsAt, permissionsOfLevel, permissionsOfProjectMembers, permissionsOfProjectRole, projectPermissions, type identity, type Level, type membership, type ProjectPermission, type ProjectRole } from '#libs/contracts';

/** A project's key reaches its project, an organisation's key all of its projects, the deployment's every one. */
export function reaches(credential: identity.Credential, project: { projectId: string; organisationId: string }): boolean {
  if (credential.projectId !== null) return credential.projectId === project.projectId;
  return credential.organisationId === null || credential.organisationId === project.organisationId;
}

/** The roles that an API key has in a project that it reaches. */
function projectRolesOf(roles: readonly string[]): ProjectRole[] {
  return roles.map((role) => impliedProjectRole[role] ?? role).filter((role): role is ProjectRole => Object.hasOwn(permissionsOfProjectRole, role));
}

export function permissionsOf(roles: readonly string[]): ProjectPermission[] {
  return [...new Set(projectRolesOf(roles).flatMap((role) => permissionsOfProjectRole[role]))];
}

/** What an API key was made for. */
export function levelOf(credential: identity.Credential): Level {
  return credential.projectId !== null ? 'project' : credential.organisationId !== null ? 'organisation' : 'deployment';
}

/** The roles of an API key at a place that lies within what it was made for; undefined at any other. */
export function rolesOfKeyAt(credential: identity.Credential, level: Level, where: { organisationId: string | null; projectId: string | null }): membership.HeldRole[] | undefined {
  const made = levelOf(credential);
  if (made === 'organisation' && credential.organisationId !== where.organisationId) return undefined;
  if (made === 'project' && credential.projectId !== where.projectId) return undefined;
  // A key of an organisation can have a project's role: that role in each of its projects.
  return credential.roles.flatMap((role): membership.HeldRole[] => (Object.hasOwn(permissionsOfProjectRole, role) ? (level === 'project' ? [{ level: 'project', role }] : []) : [{ level: made, role }]));
}

/** What those roles let the key do there. */
export function permissionsOfKeyAt(credential: identity.Credential, level: Level, roles: readonly membership.HeldRole[]): readonly string[] {
  const permissions = permissionsAt(level, roles.map(({ role }) => role));
  if (levelOf(credential) !== 'project') return permissions;
  // A project's own key does not administer it: one that leaked could make others that outlive it.
  const forKeys = new Set<string>([...projectPermissions, ...permissionsOfProjectMembers]);
  return permissionsOfLevel[level].filter((permission) => forKeys.has(permission) && permission !== 'roles:write' && (permissions as readonly string[]).includes(permission));
}
