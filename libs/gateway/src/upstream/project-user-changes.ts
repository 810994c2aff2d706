import { Injectable } from '@nestjs/common';
import { identity, membership, profiles } from '#libs/contracts';
import { Failure, isFailure } from '#libs/platform/errors';
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
 * others' copies itself. Where one of them is away in the middle, the answer says what was written, and the same request
 * sent again goes on.
 */
@Injectable()
export class ProjectUserChanges {
  constructor(private readonly rpc: RpcClient) {}

  /**
   * @returns the user as they are then
   * @throws Failure `user-not-found` also for who is erased while it is under way: on this surface those are nobody
   */
  async apply(user: profiles.Profile, wanted: UserChanges, grantor: membership.Grantor, context: CallContext): Promise<profiles.Profile> {
    try {
      return await this.write(user, wanted, grantor, context);
    } catch (error) {
      if (!isFailure(error, 'user-erased') && !isFailure(error, 'user-not-found')) throw error;
      throw profiles.profilesErrors.failure('user-not-found', 'There is no such user.', { cause: error });
    }
  }

  private async write(user: profiles.Profile, wanted: UserChanges, grantor: membership.Grantor, context: CallContext): Promise<profiles.Profile> {
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
    const parts: Part[] = [
      ...(Object.keys(names).length > 0 ? [{ name: 'what the user logs in with', write: () => this.rpc.call(identity.changeLoginNames, { realmId, userId, ...names, actor: grantor.actor }, context) }] : []),
      { name: 'the profile', write: () => this.rpc.call(profiles.upsertUser, write, context) },
      ...(roles === undefined ? [] : [{ name: 'the roles', write: () => this.rpc.call(membership.setProjectRoles, { projectId: realmId, userId, roles, grantor }, context) }]),
      ...(isActive === undefined ? [] : [{ name: 'the status', write: () => this.rpc.call(identity.setUserStatus, { realmId, userId, isActive, actor: grantor.actor }, context) }]),
    ];
    await writeAll(parts);
    return this.rpc.call(profiles.getUser, { realmId, user: { userId } }, context);
  }
}

/** One service's part of a change. Written again, it stays as it is. */
interface Part {
  name: string;
  write: () => Promise<unknown>;
}

/**
 * Writes one part after the other.
 * @throws Failure of the part that could not be written; where others were written before, it says so
 */
async function writeAll(parts: readonly Part[]): Promise<void> {
  for (const [place, part] of parts.entries()) {
    try {
      await part.write();
    } catch (error) {
      if (place === 0 || !isFailure(error)) throw error;
      const written = parts.slice(0, place).map(({ name }) => name).join(', ');
      const missing = parts.slice(place).map(({ name }) => name).join(', ');
      const message = `${error.value.message} A part is changed already: ${written}. Not changed, as far as is known: ${missing}. Send the request again: what is changed stays as it is.`;
      throw new Failure({ ...error.value, message }, { cause: error });
    }
  }
}

function sameRoles(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((role) => other.includes(role));
}
