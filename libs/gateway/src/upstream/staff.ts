import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import type { RequestInput } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { userIdOf } from './members.js';
import { People, type Person } from './people.js';

export interface StaffUser {
  member: membership.StaffMember;
  person: Person;
}

/** Staff, whole: what they may do from membership, who they are from profiles, whether they log in from identity. */
@Injectable()
export class Staff {
  constructor(
    private readonly rpc: RpcClient,
    private readonly people: People,
  ) {}

  async list(request: RequestInput<typeof membership.listStaff>, requestId: string): Promise<{ users: StaffUser[]; nextCursor: string | null }> {
    const { users, nextCursor } = await this.rpc.call(membership.listStaff, request, { requestId });
    const people = await this.people.read(users.map(({ userId }) => userId), requestId);
    return { users: users.flatMap((member) => whole(member, people.get(member.userId)) ?? []), nextCursor };
  }

  /** @throws Failure `user-not-found`, also for somebody whom the viewer may not see */
  async member(userId: string, viewer: membership.Viewer, requestId: string): Promise<membership.StaffMember> {
    return this.rpc.call(membership.getStaffMember, { userId: userIdOf(userId), viewer }, { requestId });
  }

  /** @throws Failure `user-not-found`, also for somebody whom the viewer may not see */
  async get(userId: string, viewer: membership.Viewer, requestId: string): Promise<StaffUser> {
    const member = await this.member(userId, viewer, requestId);
    const user = whole(member, (await this.people.read([member.userId], requestId)).get(member.userId));
    if (user === undefined) throw userNotFound();
    return user;
  }

  /** Somebody as they see themselves, from all three services at once. Whoever has no part anywhere is there too, without roles. */
  async self(userId: string, requestId: string): Promise<StaffUser> {
    const [member, people] = await Promise.all([this.member(userId, { kind: 'user', userId }, requestId).catch(withoutRoles(userId)), this.people.read([userId], requestId)]);
    const user = whole(member, people.get(userId));
    if (user === undefined) throw userNotFound();
    return user;
  }
}

function withoutRoles(userId: string): (error: unknown) => membership.StaffMember {
  return (error) => {
    if (isFailure(error, 'user-not-found')) return { userId, deletedAt: null, roles: [] };
    throw error;
  };
}

function userNotFound() {
  return membership.membershipErrors.failure('user-not-found', 'There is no such user.');
}

/** Undefined for somebody who is being erased at this moment. */
function whole(member: membership.StaffMember, person: Person | undefined): StaffUser | undefined {
  return person === undefined ? undefined : { member, person };
}
