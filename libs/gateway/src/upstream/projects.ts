import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import type { ResponseOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { Changes } from '../access/changes.js';
import { RecentAnswers } from '../access/recent-answers.js';

export type ProjectAccess = ResponseOf<typeof membership.getProjectAccess>;

/** Projects and what users may do in them, as membership knows it, asked at most once a second each. */
@Injectable()
export class Projects {
  private readonly projects: RecentAnswers<membership.Project>;
  private readonly access: RecentAnswers<ProjectAccess>;

  constructor(rpc: RpcClient, changes: Changes) {
    this.projects = new RecentAnswers((project, requestId) => rpc.call(membership.findProject, { project }, { requestId }), { changes });
    this.access = new RecentAnswers((key, requestId) => {
      const [userId, projectId] = key.split(' ') as [string, string];
      return rpc.call(membership.getProjectAccess, { userId, projectId }, { requestId });
    }, { changes });
  }

  /**
   * @param project slug or id
   * @throws Failure `project-not-found`
   */
  find(project: string, requestId: string): Promise<membership.Project> {
    return this.projects.get(project, requestId);
  }

  accessOf(userId: string, projectId: string, requestId: string): Promise<ProjectAccess> {
    return this.access.get(`${userId} ${projectId}`, requestId);
  }
}
