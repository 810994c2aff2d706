import { Injectable } from '@nestjs/common';
import { identity, profiles, staffRealmId, type Actor } from '#libs/contracts';
import { isFailure, platformErrors } from '#libs/platform/errors';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';

/** Finds the member of staff who has an address, or makes one who can't log in yet. */
@Injectable()
export class EnsurePerson {
  constructor(private readonly rpc: RpcClient) {}

  /**
   * Identity first, which settles whose address it is; then the profile, if there is none.
   * @returns the user as profiles has them
   * @throws Failure `service-unavailable` while whoever had the address is being erased: profiles has hidden them, and identity is about to
   */
  async withAddress({ email, newUserId, actor, displayName = null }: { email: string; newUserId: string; actor: Actor; displayName?: string | null }, context: CallContext): Promise<profiles.Profile> {
    const { userId } = await this.rpc.call(identity.claimLoginEmail, { realmId: staffRealmId, newUserId, email }, context);
    // Whose login has just been made has no profile either, unless this is asked again.
    const present = userId === newUserId ? undefined : await this.find(userId, context);
    if (present !== undefined) return present;
    return this.make(userId, { email, ...(displayName === null ? {} : { displayName }) }, actor, context);
  }

  private async make(userId: string, patch: profiles.ProfilePatch, actor: Actor, context: CallContext): Promise<profiles.Profile> {
    try {
      return (await this.rpc.call(profiles.upsertUser, { realmId: staffRealmId, newUserId: userId, patch, actor }, context)).user;
    } catch (error) {
      if (isFailure(error, 'user-erased')) throw platformErrors.failure('service-unavailable', 'Whoever had this address is being erased: try again.', { retryAfter: 1, cause: error });
      throw error;
    }
  }

  private async find(userId: string, context: CallContext): Promise<profiles.Profile | undefined> {
    try {
      return await this.rpc.call(profiles.getUser, { realmId: staffRealmId, user: { userId } }, context);
    } catch (error) {
      if (isFailure(error, 'user-not-found')) return undefined;
      throw error;
    }
  }
}
