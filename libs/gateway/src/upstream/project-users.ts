import { Injectable } from '@nestjs/common';
import { profiles, staffRealmId } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import { RpcClient } from '#libs/platform/rpc';
import { Projects } from './projects.js';

/** A user of a project: at home in it, or staff with a role that reaches it. */
export interface ProjectUser {
  user: profiles.Profile;
  /** The staff member's roles in the project; undefined for a user whose home it is. */
  staffRoles: string[] | undefined;
}

/** Users of a project = those at home in it, and the staff who hold a role in it. */
@Injectable()
export class ProjectUsers {
  constructor(
    private readonly rpc: RpcClient,
    private readonly projects: Projects,
  ) {}

  /** @throws Failure `user-not-found` */
  async get(projectId: string, userId: string, requestId: string): Promise<ProjectUser> {
    try {
      return { user: await this.rpc.call(profiles.getUser, { realmId: projectId, user: { userId } }, { requestId }), staffRoles: undefined };
    } catch (error) {
      if (!isFailure(error, 'user-not-found')) throw error;
      const { paths } = await this.projects.accessOf(userId, projectId, requestId);
      if (paths.length === 0) throw error;
      const user = await this.rpc.call(profiles.getUser, { realmId: staffRealmId, user: { userId } }, { requestId });
      return { user, staffRoles: [...new Set(paths.map(({ projectRole }) => projectRole))] };
    }
  }
}
