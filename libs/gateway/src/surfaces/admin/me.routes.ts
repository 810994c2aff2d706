import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { impliedProjectRole, membership } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import { staffMember } from '../../access/access-rule.js';
import { route, type RouteCall } from '../../http/route.js';
import { Serves } from '../../http/serves.js';
import { Staff } from '../../upstream/staff.js';
import { text } from './management.wire.js';
import { toUserObject, userObject, viewerOf, type UserObject } from './user.wire.js';

/** A list of somebody's own things comes in one piece, up to this many; beyond, with a cursor. */
const mostAtOnce = 1_000;
const cursorQuery = z.object({ cursor: z.string().min(1).max(512).optional().describe('`next_cursor`, where an answer had one: there were more than 1,000') });
const nextCursor = z.string().optional();

const me = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/users/me',
  access: staffMember,
  summary: 'Get yourself',
  answer: { status: 200, description: 'The user', body: userObject },
});

const myTeams = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/users/me/teams',
  access: staffMember,
  summary: 'List your teams; those who administer an organisation have all of its teams',
  query: cursorQuery,
  answer: { status: 200, description: 'Teams', body: z.object({ teams: z.array(z.object({ team_id: z.string(), team_name: z.string(), org_id: z.string(), role: z.string() })), next_cursor: nextCursor }) },
});

const myProjects = route({
  surface: 'admin',
  method: 'GET',
  path: '/v1/admin/users/me/projects',
  access: staffMember,
  summary: 'List the projects that your roles reach: implicit by your team or organisation, explicit where you were given a role there',
  query: cursorQuery.extend({ team_id: text.optional().describe('Only projects of this team'), include_metadata: z.enum(['true', 'false'], { error: 'must be true or false' }).default('true') }),
  answer: {
    status: 200,
    description: 'Projects',
    body: z.object({
      projects: z.array(
        z.object({
          project_id: z.string(),
          project_name: z.string(),
          team_id: z.string().nullable(),
          role: z.string(),
          access_type: z.enum(['implicit', 'explicit']),
          metadata: membership.projectMetadata.optional(),
          settings: membership.projectSettings,
        }),
      ),
      next_cursor: nextCursor,
    }),
  },
});

@Controller()
export class MeRoutes {
  constructor(
    private readonly rpc: RpcClient,
    private readonly staff: Staff,
  ) {}

  @Serves(me)
  async me({ caller, requestId }: RouteCall<typeof me>): Promise<UserObject> {
    const { member, person } = await this.staff.get(caller.userId, viewerOf(caller.admin), requestId);
    return toUserObject(member, person, true);
  }

  @Serves(myTeams)
  async teams({ query, caller, requestId }: RouteCall<typeof myTeams>): Promise<z.output<typeof myTeams.answer.body>> {
    const self = await this.staff.member(caller.userId, viewerOf(caller.admin), requestId);
    const mine = isSuperAdmin(self) ? {} : { userId: caller.userId };
    const { items, next } = await gathered(query.cursor, async (after) => {
      const { teams, nextCursor: more } = await this.rpc.call(membership.listTeams, { ...mine, limit: 100, after }, { requestId });
      return { items: teams, next: more };
    });
    const teams = items.map(({ teamId, name, organisationId }) => ({ team_id: teamId, team_name: name, org_id: organisationId, role: roleInTeam(self, teamId, organisationId) }));
    return { teams, ...(next === null ? {} : { next_cursor: next }) };
  }

  @Serves(myProjects)
  async projects({ query, caller, requestId }: RouteCall<typeof myProjects>): Promise<z.output<typeof myProjects.answer.body>> {
    const self = await this.staff.member(caller.userId, viewerOf(caller.admin), requestId);
    // It narrows what is theirs already, and asks for no right to the team: one that is not there is like one with nothing of theirs.
    if (query.team_id !== undefined && !z.uuid().safeParse(query.team_id).success) return { projects: [] };
    const filter = { teamId: query.team_id, userId: isSuperAdmin(self) ? undefined : caller.userId };
    const { items, next } = await gathered(query.cursor, async (after) => {
      const { projects, nextCursor: more } = await this.rpc.call(membership.listProjects, { ...filter, limit: 100, after }, { requestId });
      return { items: projects, next: more };
    });
    const projects = items.map((project) => ({
      project_id: project.projectId,
      project_name: project.name,
      team_id: project.teamId,
      ...accessTo(self, project),
      ...(query.include_metadata === 'true' ? { metadata: project.metadata } : {}),
      settings: project.settings,
    }));
    return { projects, ...(next === null ? {} : { next_cursor: next }) };
  }
}

async function gathered<T>(cursor: string | undefined, page: (after: string | undefined) => Promise<{ items: T[]; next: string | null }>): Promise<{ items: T[]; next: string | null }> {
  const items: T[] = [];
  for (let after = cursor; ; ) {
    const found = await page(after);
    items.push(...found.items);
    if (found.next === null || items.length >= mostAtOnce) return { items, next: found.next };
    after = found.next;
  }
}

function isSuperAdmin({ roles }: membership.StaffMember): boolean {
  return roles.some(({ level }) => level === 'deployment');
}

/** The role that was given in the team, else the one further up by which the team is theirs. */
function roleInTeam({ roles }: membership.StaffMember, teamId: string, organisationId: string): string {
  const given = roles.find((role) => role.level === 'team' && role.teamId === teamId) ?? roles.find((role) => role.level === 'organisation' && role.organisationId === organisationId);
  return (given ?? roles.find(({ level }) => level === 'deployment'))?.role ?? 'team_member';
}

/** From the strongest on; a role that the project defines itself comes between. */
const strength = ['project_admin', 'editor', 'viewer'];

/** The strongest role that reaches the project, and whether one was given there. */
function accessTo({ roles }: membership.StaffMember, project: membership.ProjectDetails): { role: string; access_type: 'implicit' | 'explicit' } {
  const direct = roles.filter(({ level, projectId }) => level === 'project' && projectId === project.projectId).map(({ role }) => role);
  const implied = roles.flatMap(({ level, role, teamId, organisationId }) => {
    const reaches = level === 'deployment' || (level === 'organisation' && organisationId === project.organisationId) || (level === 'team' && teamId !== null && teamId === project.teamId);
    return reaches ? (impliedProjectRole[role] ?? []) : [];
  });
  const all = [...direct, ...implied];
  const role = strength.find((one) => one !== 'viewer' && all.includes(one)) ?? direct.find((one) => !strength.includes(one)) ?? 'viewer';
  return { role, access_type: direct.length > 0 ? 'explicit' : 'implicit' };
}
