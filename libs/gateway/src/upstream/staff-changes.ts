import { Injectable } from '@nestjs/common';
import { identity, membership, profiles, staffRealmId, type Actor } from '#libs/contracts';
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

  /** @throws Failure `user-not-found`, `user-shared`, `permission-missing`, `last-org-admin`, `last-super-admin`, `invitation-pending` */
  async change(userId: string, viewer: membership.Viewer, change: StaffChange, actor: Actor, requestId: string): Promise<StaffUser> {
    const context = { requestId };
    const isSelf = viewer.kind === 'user' && viewer.userId === userId;
    const ofPerson = { ...(change.user_name == null ? {} : { displayName: change.user_name }), ...(change.preferences == null ? {} : { preferences: change.preferences }) };
    const changesPerson = Object.keys(ofPerson).length > 0;
    // Whoever is not seen is not found, whatever is asked of them.
    if (!isSelf) await this.staff.member(userId, viewer, requestId);
    if (changesPerson && !isSelf) await this.rpc.call(membership.authoriseStaffChange, { userId, viewer, change: 'write' }, context);
    if (change.global_role != null) await this.rpc.call(membership.setGlobalRole, { userId, role: change.global_role === 'none' ? null : change.global_role, viewer, actor }, context);
    if (change.status != null) await this.setStatus(userId, viewer, change.status, actor, requestId);
    if (changesPerson) {
      await this.rpc.call(profiles.upsertUser, { realmId: staffRealmId, newUserId: userId, patch: ofPerson, onlyExisting: true, actor }, context);
      await this.rpc.call(membership.refreshDirectory, { userIds: [userId] }, context).catch(() => undefined);
    }
    return this.staff.get(userId, viewer, requestId);
  }

  /** Somebody who is in no organisation has no status but that of their account. */
  private async setStatus(userId: string, viewer: membership.Viewer, status: 'active' | 'inactive', actor: Actor, requestId: string): Promise<void> {
    const { changed } = await this.rpc.call(membership.setStaffStatus, { userId, status, viewer, actor }, { requestId });
    if (!changed) await this.rpc.call(identity.setUserStatus, { realmId: staffRealmId, userId, isActive: status === 'active', actor }, { requestId });
  }
}
