import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import type { Queryable } from '#libs/platform/database';
import { everything, FindStaff } from './find-staff.js';

const forbidden = (message: string) => membership.membershipErrors.failure('permission-missing', message);

/** Who may change what belongs to a person: their name and account are theirs in every organisation. */
@Injectable()
export class StaffAuthority {
  constructor(private readonly findStaff: FindStaff) {}

  /** @throws Failure `user-not-found`, `user-shared`, `permission-missing` */
  async mayChange(on: Queryable, userId: string, viewer: membership.Viewer, change: 'write' | 'delete' | 'export'): Promise<void> {
    await this.findStaff.get(userId, viewer, on);
    const reach = await this.findStaff.reachOf(viewer, on);
    if (reach.everything) return;
    const { roles = [] } = (await this.findStaff.describe([userId], everything, on))[0] ?? {};
    if (roles.some(({ level }) => level === 'deployment')) throw forbidden('Only super administrators change a super administrator.');
    const administered = await this.findStaff.administeredBy(viewer, on);
    const organisations = [...new Set(roles.flatMap(({ organisationId }) => organisationId ?? []))];
    if (organisations.some((one) => administered.includes(one))) {
      if (!organisations.every((one) => administered.includes(one))) throw shared();
      return;
    }
    if (change !== 'write') throw forbidden('This takes an administrator of the user’s organisation.');
    await this.mayLead(on, roles, viewer, reach);
    if (organisations.length > 1) throw shared();
  }

  /** Administrators of a team or a project may do so to those in it who don't stand higher than they. */
  private async mayLead(on: Queryable, roles: readonly membership.GivenRole[], viewer: membership.Viewer, { teams, projects }: { teams: string[]; projects: string[] }): Promise<void> {
    const [self] = viewer.kind === 'user' ? await this.findStaff.describe([viewer.userId], everything, on) : [];
    const led = (self?.roles ?? []).filter(({ role }) => role === 'team_admin' || role === 'project_admin');
    const ledTeams = led.flatMap(({ level, teamId }) => (level === 'team' && teamId !== null && teams.includes(teamId) ? [teamId] : []));
    const ledProjects = led.flatMap(({ level, projectId }) => (level === 'project' && projectId !== null && projects.includes(projectId) ? [projectId] : []));
    const inTeam = roles.some(({ teamId }) => teamId !== null && ledTeams.includes(teamId));
    const inProject = roles.some(({ projectId }) => projectId !== null && ledProjects.includes(projectId));
    const higher = roles.some(({ role }) => role === 'org_admin' || (role === 'team_admin' && !inTeam));
    if (!(inTeam || inProject) || higher) throw forbidden('This takes an administrator of an organisation, a team or a project of the user, who stands as high as they.');
  }
}

function shared() {
  return membership.membershipErrors.failure('user-shared', 'The user belongs to other organisations too: their name and account are theirs. You can change their role and status in yours.');
}
