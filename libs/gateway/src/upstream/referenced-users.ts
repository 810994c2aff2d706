import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { membership, profiles, staffRealmId } from '#libs/contracts';
import { RpcClient } from '#libs/platform/rpc';
import type { ProjectUser } from './project-users.js';

/** Attributes that name users, and the users that they name. */
export interface References {
  /** Names of the custom fields of the type `user`. */
  fields: readonly string[];
  /** By id in lower case; who is not there, or no user of the project, is missing. */
  users: ReadonlyMap<string, ProjectUser>;
}

/** Users of a project that the attributes of others name: those at home in it, and the staff who hold a role in it. */
@Injectable()
export class ReferencedUsers {
  constructor(private readonly rpc: RpcClient) {}

  async of(projectId: string, users: readonly profiles.Profile[], requestId: string): Promise<References> {
    const { fields: declared } = await this.rpc.call(profiles.listFields, { realmId: projectId }, { requestId });
    const fields = declared.filter(({ type }) => type === 'user').map(({ name }) => name);
    const named = users.flatMap(({ attributes }) => fields.map((field) => attributes[field])).filter((id) => z.uuid().safeParse(id).success);
    const ids = [...new Set(named.map((id) => String(id).toLowerCase()))];
    const found = new Map((await this.read(projectId, ids, requestId)).map((user): [string, ProjectUser] => [user.userId, { user, staffRoles: undefined }]));
    const elsewhere = ids.filter((id) => !found.has(id));
    for (const one of await this.staff(projectId, elsewhere, requestId)) found.set(one.user.userId, one);
    return { fields, users: found };
  }

  private async staff(projectId: string, userIds: readonly string[], requestId: string): Promise<ProjectUser[]> {
    if (userIds.length === 0) return [];
    const { staff } = await this.rpc.call(membership.listProjectStaff, { projectId }, { requestId });
    const rolesOf = new Map(staff.map(({ userId, roles }) => [userId, roles]));
    const read = await this.read(staffRealmId, userIds.filter((id) => rolesOf.has(id)), requestId);
    return read.map((user) => ({ user, staffRoles: rolesOf.get(user.userId) }));
  }

  private async read(realmId: string, userIds: readonly string[], requestId: string): Promise<profiles.Profile[]> {
    const read: profiles.Profile[] = [];
    for (let left = [...userIds]; left.length > 0; ) {
      const part = left.slice(0, 1_000);
      const answer = await this.rpc.call(profiles.readUsers, { realmId, userIds: part }, { requestId });
      read.push(...answer.users);
      left = [...answer.rest, ...left.slice(part.length)];
    }
    return read;
  }
}
