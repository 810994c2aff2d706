import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import type { ResponseOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { Changes } from '../access/changes.js';
import { RecentAnswers } from '../access/recent-answers.js';
import { Projects } from './projects.js';

export type Access = ResponseOf<typeof membership.getAccess>;

/** Organisations, teams and projects, and what staff may do there, as membership knows it, asked at most once a second each. */
@Injectable()
export class Places {
  private readonly access: RecentAnswers<Access>;
  private readonly organisations: RecentAnswers<membership.Organisation>;
  private readonly teams: RecentAnswers<membership.Team>;

  constructor(
    rpc: RpcClient,
    changes: Changes,
    private readonly projects: Projects,
  ) {
    this.access = new RecentAnswers((key, requestId) => rpc.call(membership.getAccess, JSON.parse(key) as { userId: string; place: membership.Scope }, { requestId }), { changes });
    this.organisations = new RecentAnswers((organisationId, requestId) => rpc.call(membership.getOrganisation, { organisationId }, { requestId }), { changes });
    this.teams = new RecentAnswers((teamId, requestId) => rpc.call(membership.getTeam, { teamId }, { requestId }), { changes });
  }

  /**
   * What the user may do there.
   * @throws Failure `organisation-not-found`, `team-not-found`, `project-not-found`
   */
  accessOf(userId: string, place: membership.Scope, requestId: string): Promise<Access> {
    return this.access.get(JSON.stringify({ userId, place }), requestId);
  }

  /**
   * Where the place lies, for those whose reach follows from it.
   * @throws Failure `organisation-not-found`, `team-not-found`, `project-not-found`
   */
  async whereIs(place: membership.Scope, requestId: string): Promise<{ organisationId: string | null; teamId: string | null; projectId: string | null }> {
    switch (place.level) {
      case 'deployment':
        return { organisationId: null, teamId: null, projectId: null };
      case 'organisation': {
        const { organisationId } = await this.organisations.get(place.organisationId, requestId);
        return { organisationId, teamId: null, projectId: null };
      }
      case 'team': {
        const { organisationId, teamId } = await this.teams.get(place.teamId, requestId);
        return { organisationId, teamId, projectId: null };
      }
      case 'project': {
        const { organisationId, teamId, projectId } = await this.projects.find(place.projectId, requestId);
        return { organisationId, teamId, projectId };
      }
    }
  }
}
