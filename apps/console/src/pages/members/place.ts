/** Where people can have a role, and which roles there are. */
export interface MembersPlace {
  level: 'organisation' | 'team' | 'project';
  id: string;
  name: string;
}

export const rolesAt: Readonly<Record<MembersPlace['level'], readonly { value: string; label: string; about: string }[]>> = {
  organisation: [
    { value: 'member', label: 'Member', about: 'belongs to it, and gets roles in teams and projects' },
    { value: 'org_admin', label: 'Administrator', about: 'administers the organisation and everything in it' },
  ],
  team: [
    { value: 'team_member', label: 'Member', about: 'reads the team’s projects' },
    { value: 'team_admin', label: 'Administrator', about: 'administers the team and its projects' },
  ],
  project: [
    { value: 'viewer', label: 'Viewer', about: 'reads users and events' },
    { value: 'editor', label: 'Editor', about: 'also changes lists and segments, and tracks events' },
    { value: 'project_admin', label: 'Administrator', about: 'does everything in the project' },
  ],
};

/** How a person's standing is told. */
export const staffStates = { active: ['good', 'Active'], invited: ['warn', 'Invited'], inactive: ['calm', 'Inactive'], deleted: ['bad', 'Deleted'] } as const;

const paths = { organisation: 'orgs', team: 'teams', project: 'projects' } as const;
const ids = { organisation: 'org_id', team: 'team_id', project: 'project_id' } as const;

export const membersPath = ({ level, id }: MembersPlace) => `/v1/admin/${paths[level]}/${id}/members`;
/** Whether what was asked by `placeQuery` is of the place. */
export const isAt = ({ level, id }: MembersPlace, asked: unknown): boolean => typeof asked === 'object' && asked !== null && (asked as Record<string, unknown>)[ids[level]] === id;
export const placeQuery = ({ level, id }: MembersPlace): Record<string, string> => ({ [ids[level]]: id });

export function roleLabel(role: string): string {
  return Object.values(rolesAt).flat().find(({ value }) => value === role)?.label ?? role;
}
