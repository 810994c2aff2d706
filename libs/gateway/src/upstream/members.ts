import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { membership } from '#libs/contracts';
import type { ResponseOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import type { AdminCaller } from '../access/caller.js';
import { People, type Person } from './people.js';

type Listed = ResponseOf<typeof membership.listMembers>['members'][number];
export type NamedMember = Listed & { person: Person | undefined };

/** Roles given at one organisation, team or project. */
@Injectable()
export class Members {
  constructor(
    private readonly rpc: RpcClient,
    private readonly people: People,
  ) {}

  async list(place: membership.MemberPlace, page: { limit: number; after?: string | undefined }, requestId: string): Promise<{ members: NamedMember[]; nextCursor: string | null }> {
    const { members, nextCursor } = await this.rpc.call(membership.listMembers, { place, ...page }, { requestId });
    return { members: await this.named(members, requestId), nextCursor };
  }

  /** @throws Failure `user-not-found` for a stranger; `permission-not-held`, `last-org-admin`, `role-unknown` */
  async set(caller: AdminCaller, place: membership.MemberPlace, userId: string, change: { role?: string | undefined; status?: 'active' | 'inactive' | undefined }, requestId: string): Promise<NamedMember> {
    const grantor = await grantorAt(caller, place);
    const member = await this.rpc.call(membership.setMember, { userId: userIdOf(userId), place, ...change, grantor }, { requestId });
    return (await this.named([member], requestId))[0]!;
  }

  async remove(caller: AdminCaller, place: membership.MemberPlace, userId: string, requestId: string): Promise<void> {
    const grantor = await grantorAt(caller, place);
    await this.rpc.call(membership.removeMember, { userId: userIdOf(userId), place, grantor }, { requestId });
  }

  private async named(members: readonly Listed[], requestId: string): Promise<NamedMember[]> {
    const people = await this.people.read(members.map(({ userId }) => userId), requestId);
    return members.map((member) => ({ ...member, person: people.get(member.userId) }));
  }
}

async function grantorAt({ admin, actor }: AdminCaller, place: membership.MemberPlace) {
  return { actor, permissions: [...(await admin.at(place)).permissions], everywhere: admin.key?.level === 'deployment' };
}

/** What is no id is nobody's. */
export function userIdOf(text: string): string {
  const parsed = z.uuid().safeParse(text);
  if (!parsed.success) throw membership.membershipErrors.failure('user-not-found', 'There is no such user.');
  return parsed.data.toLowerCase();
}
