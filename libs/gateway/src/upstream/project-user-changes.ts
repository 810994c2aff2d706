import { Injectable } from '@nestjs/common';
import { identity, membership, profiles } from '#libs/contracts';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';

/** What is to be changed of a user whose home the project is. Absent: as it is. */
export interface UserChanges {
  userName?: string | null | undefined;
  roles?: string[] | undefined;
  isActive?: boolean | undefined;
  patch: profiles.ProfilePatch;
}

/**
 * One change of a user that three services own a part of. What can be refused is asked before anything is written; then
 * identity comes first, because it alone can say whether names are free, and each service hands its part over to the
 * others' copies itself.
 */
@Injectable()
export class ProjectUserChanges {
  constructor(private readonly rpc: RpcClient) {}

  /** @returns the user as they are then */
  async apply(user: profiles.Profile, wanted: UserChanges, grantor: membership.Grantor, context: CallContext): Promise<profiles.Profile> {
    const { realmId, userId } = user;
    const names = {
      ...(wanted.userName === undefined || wanted.userName === user.userName ? {} : { userName: wanted.userName }),
      ...(wanted.patch.email === undefined || wanted.patch.email === user.email ? {} : { email: wanted.patch.email }),
    };
    const roles = wanted.roles === undefined || sameRoles(wanted.roles, user.roles) ? undefined : wanted.roles;
    const isActive = wanted.isActive === user.isActive ? undefined : wanted.isActive;
    const touched = [...('userName' in names ? ['userName'] : []), ...(roles === undefined ? [] : ['roles']), ...(isActive === undefined ? [] : ['isActive'])];
    const write = { realmId, newUserId: userId, onlyExisting: true, patch: wanted.patch, touched, actor: grantor.actor };

    await Promise.all([
      Object.keys(names).length + touched.length === 0 ? undefined : this.rpc.call(membership.checkRank, { projectId: realmId, userId, grantor }, context),
      roles === undefined ? undefined : this.rpc.call(membership.checkProjectRoles, { projectId: realmId, roles, held: user.roles, grantor }, context),
      this.rpc.call(profiles.upsertUser, { ...write, checkOnly: true }, context),
    ]);
    if (Object.keys(names).length > 0) await this.rpc.call(identity.changeLoginNames, { realmId, userId, ...names, actor: grantor.actor }, context);
    await this.rpc.call(profiles.upsertUser, write, context);
    if (roles !== undefined) await this.rpc.call(membership.setProjectRoles, { projectId: realmId, userId, roles, grantor }, context);
    if (isActive !== undefined) await this.rpc.call(identity.setUserStatus, { realmId, userId, isActive, actor: grantor.actor }, context);
    return this.rpc.call(profiles.getUser, { realmId, user: { userId } }, context);
  }
}

function sameRoles(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((role) => other.includes(role));
}
