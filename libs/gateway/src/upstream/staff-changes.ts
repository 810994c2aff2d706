import { Injectable } from '@nestjs/common';
import { identity, membership, profiles, staffRealmId, type Actor } from '#libs/contracts';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { Staff, type StaffUser } from './staff.js';

export interface StaffChange {
  user_name?: string | null | undefined;
  preferences?: profiles.Profile['preferences'] | null | undefined;
  status?: 'active' | 'inactive' | null | undefined;
  global_role?: 'super_admin' | 'none' | null | undefined;
}

/** Changes of a person that several services own together. Whether all may be is asked before any is made. */
@Injectable()
export class StaffChanges {
  constructor(
    private readonly rpc: RpcClient,
    private readonly staff: Staff,
  ) {}

  get(userId: string, viewer: membership.Viewer, requestId: string): Promise<StaffUser> {
    return this.staff.get(userId, viewer, requestId);
  }

  /**
   * All of it or nothing. What one service would refuse is asked before another is told, so that only a failure in between leaves half a
   * change, which repeating it completes.
   * @throws Failure `user-not-found`, `user-shared`, `permission-missing`, `last-org-admin`, `last-super-admin`, `invitation-pending`
   */
  async change(userId: string, viewer: membership.Viewer, change: StaffChange, actor: Actor, context: CallContext): Promise<StaffUser> {
    const { requestId } = context;
    const isSelf = viewer.kind === 'user' && viewer.userId === userId;
    const ofPerson = { ...(change.user_name == null ? {} : { displayName: change.user_name }), ...(change.preferences == null ? {} : { preferences: change.preferences }) };
    const changesPerson = Object.keys(ofPerson).length > 0;
    // Whoever is not seen is not found, whatever is asked of them.
    if (!isSelf) await this.staff.member(userId, viewer, requestId);
    const ofPlaces = { ...(change.global_role == null ? {} : { globalRole: change.global_role === 'none' ? null : change.global_role }), ...(change.status == null ? {} : { status: change.status }) };
    const changesPlaces = Object.keys(ofPlaces).length > 0;
    const asked = { userId, ...ofPlaces, changesPerson, viewer, actor };
    if (changesPerson) {
      await this.rpc.call(membership.changeStaff, { ...asked, tryOut: true }, { requestId });
      await this.rpc.call(profiles.upsertUser, { realmId: staffRealmId, newUserId: userId, patch: ofPerson, onlyExisting: true, actor }, context);
      await this.rpc.call(membership.refreshDirectory, { userIds: [userId] }, { requestId }).catch(() => undefined);
    }
    if (changesPlaces) {
      const { hasStatus } = await this.rpc.call(membership.changeStaff, { ...asked, tryOut: false }, context);
      // Somebody who is in no organisation has no status but that of their account; whom a super administrator activates, that one too.
      if (!hasStatus) await this.rpc.call(identity.setUserStatus, { realmId: staffRealmId, userId, isActive: change.status === 'active', actor }, context);
    }
    return this.staff.get(userId, viewer, requestId);
  }
}
