import { impliedProjectRole, permissionsOfProjectRole, type identity, type membership, type ProjectPermission, type ProjectRole } from '#libs/contracts';

/** A project's key reaches its project, an organisation's key all of its projects, the deployment's every one. */
export function reaches(credential: identity.Credential, project: membership.Project): boolean {
  if (credential.projectId !== null) return credential.projectId === project.projectId;
  return credential.organisationId === null || credential.organisationId === project.organisationId;
}

/** The roles that an API key has in a project that it reaches. */
export function projectRolesOf(roles: readonly string[]): ProjectRole[] {
  return roles.map((role) => impliedProjectRole[role] ?? role).filter((role): role is ProjectRole => Object.hasOwn(permissionsOfProjectRole, role));
}

export function permissionsOf(roles: readonly string[]): ProjectPermission[] {
  return [...new Set(projectRolesOf(roles).flatMap((role) => permissionsOfProjectRole[role]))];
}
