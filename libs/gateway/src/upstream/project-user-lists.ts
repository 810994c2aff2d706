import { Injectable } from '@nestjs/common';
import { membership, profiles } from '#libs/contracts';
import type { RequestInput } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import type { ProjectUser } from './project-users.js';

type Asked = Omit<RequestInput<typeof profiles.listProjectUsers>, 'realmId' | 'staff'>;

/** Lists of a project's users: profiles have them, and membership says which staff belong. */
@Injectable()
export class ProjectUserLists {
  constructor(private readonly rpc: RpcClient) {}

  async list(projectId: string, asked: Asked, requestId: string): Promise<{ users: ProjectUser[]; count: number }> {
    const staff = await this.staffOf(projectId, requestId);
    const rolesOf = new Map(staff.map(({ userId, roles }) => [userId, roles]));
    const { count, page, users } = await this.rpc.call(profiles.listProjectUsers, { realmId: projectId, staff, ...asked }, { requestId });
    const read = [...users, ...(await this.rest(page.slice(users.length), requestId))];
    return { count, users: read.map((user) => ({ user, staffRoles: user.realmId === projectId ? undefined : rolesOf.get(user.userId) })) };
  }

  async count(projectId: string, where: Asked['where'], requestId: string): Promise<number> {
    const staff = await this.staffOf(projectId, requestId);
    return (await this.rpc.call(profiles.countProjectUsers, { realmId: projectId, staff, where }, { requestId })).count;
  }

  private async staffOf(projectId: string, requestId: string): Promise<{ userId: string; roles: string[] }[]> {
    const { staff } = await this.rpc.call(membership.listProjectStaff, { projectId }, { requestId });
    if (staff.length > profiles.mostListedStaff) {
      throw profiles.profilesErrors.failure('list-too-slow', `More than ${profiles.mostListedStaff.toLocaleString('en')} staff have a role in the project, who can’t be listed with its users: the admin surface lists them.`);
    }
    return staff.map(({ userId, roles }) => ({ userId, roles }));
  }

  /** Users that did not fit in the answer, in their order. */
  private async rest(page: readonly { realmId: string; userId: string }[], requestId: string): Promise<profiles.Profile[]> {
    const byId = new Map<string, profiles.Profile>();
    for (const realmId of new Set(page.map((place) => place.realmId))) {
      let left = page.filter((place) => place.realmId === realmId).map(({ userId }) => userId);
      while (left.length > 0) {
        const answer = await this.rpc.call(profiles.readUsers, { realmId, userIds: left }, { requestId });
        for (const user of answer.users) byId.set(user.userId, user);
        left = answer.rest;
      }
    }
    return page.flatMap(({ userId }) => byId.get(userId) ?? []);
  }
}
