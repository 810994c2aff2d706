import { Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';
import { identity, membership, profiles, staffRealmId, type Level, type PermissionAt } from '#libs/contracts';
import type { CallContext, ResponseOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { standingAt } from '../access/admin-access.js';
import type { Admin } from '../access/admin.js';

/** Whoever administers a place invites there, and sees to what was sent. */
const administering: { readonly [L in Level]: PermissionAt<L> } = {
  deployment: 'roles:write',
  organisation: 'org:administer',
  team: 'roles:write',
  project: 'project:administer',
};

type Invited = ResponseOf<typeof membership.inviteUser>;
export interface InvitedPerson {
  invitation: Invited['invitation'];
  user: Invited['user'];
  profile: membership.InvitedProfile;
  lastLoginAt: string | null;
}

/** Invitations, for those who may have to do with them. */
@Injectable()
export class Invitations {
  constructor(private readonly rpc: RpcClient) {}

  /** @throws Failure of a place that is not there for the caller; `permission-missing`; the service's own */
  async invite(admin: Admin, scope: membership.Scope, { email, role }: { email: string; role: string }, context: CallContext): Promise<InvitedPerson> {
    await standingAt(admin, scope, administering[scope.level]);
    const newUserId = newId();
    const { profile, ...invited } = await this.rpc.call(membership.inviteUser, { invitationId: newId(), newUserId, email, scope, role, actor: admin.actor }, context);
    const { userId } = invited.user;
    // Whoever was made by this very request has not logged in.
    const lastLoginAt = userId === newUserId ? null : await this.lastLoginOf(userId, context);
    return { invitation: invited.invitation, user: await this.asFarAsSeen(admin, invited), profile: profile ?? (await this.profileOf(userId, context)), lastLoginAt };
  }

  /** To whoever knows no more than their address, where else somebody belongs is not told. */
  private async asFarAsSeen(admin: Admin, { user, invitation }: Pick<Invited, 'user' | 'invitation'>): Promise<Invited['user']> {
    const belongs = async (place: membership.Scope) => (await admin.at(place).catch(() => undefined))?.belongs === true;
    const isSeen = async (organisationId: string) => organisationId === invitation.organisationId || belongs({ level: 'organisation', organisationId });
    const seen = await Promise.all(user.organisations.map(({ organisationId }) => isSeen(organisationId)));
    return { ...user, globalRole: user.globalRole !== null && (await belongs({ level: 'deployment' })) ? user.globalRole : null, organisations: user.organisations.filter((_, index) => seen[index]) };
  }

  /**
   * Takes the key of a request for several invitations, where it has one.
   * @throws Failure `idempotency-key-reused`; `idempotency-key-in-use`
   */
  async begin(context: CallContext): Promise<void> {
    if (context.idempotency !== undefined) await this.rpc.call(membership.beginInvitations, {}, context);
  }

  async list(admin: Admin, place: membership.Scope, query: { status?: membership.InvitationStatus | undefined; limit: number; after?: string | undefined }, context: CallContext): Promise<ResponseOf<typeof membership.listInvitations>> {
    await standingAt(admin, place, administering[place.level]);
    return this.rpc.call(membership.listInvitations, { place, ...query }, context);
  }

  async resend(admin: Admin, invitationId: string, context: CallContext): Promise<membership.Invitation> {
    await this.mustAdminister(admin, invitationId, context);
    return this.rpc.call(membership.resendInvitation, { invitationId, actor: admin.actor }, context);
  }

  async cancel(admin: Admin, invitationId: string, context: CallContext): Promise<void> {
    await this.mustAdminister(admin, invitationId, context);
    await this.rpc.call(membership.cancelInvitation, { invitationId, actor: admin.actor }, context);
  }

  async accept(acceptance: { token: string; password: string | null; displayName: string | null }, context: CallContext): Promise<InvitedPerson> {
    const accepted = await this.rpc.call(membership.acceptInvitation, acceptance, context);
    const { userId } = accepted.user;
    const [profile, lastLoginAt] = await Promise.all([this.profileOf(userId, context), this.lastLoginOf(userId, context)]);
    return { ...accepted, profile, lastLoginAt };
  }

  /** Where a place must be named and is not: an API key's organisation, or the only one that somebody belongs to. */
  async defaultOrganisation({ userId, key }: Admin, context: CallContext): Promise<string | undefined> {
    if (userId === undefined) return key?.organisationId ?? undefined;
    const { globalRole, organisations } = await this.rpc.call(membership.getStaffRoles, { userId }, context);
    return globalRole === null && organisations.length === 1 ? organisations[0]!.organisationId : undefined;
  }

  /** One of a place that the caller has nothing to do with is answered like one that is not there. */
  private async mustAdminister(admin: Admin, invitationId: string, context: CallContext): Promise<void> {
    const place = placeOfRow(await this.rpc.call(membership.getInvitation, { invitationId }, context));
    const standing = await admin.at(place);
    if (!standing.belongs) throw unknownInvitation();
    await standingAt(admin, place, administering[place.level]);
  }

  private profileOf(userId: string, context: CallContext): Promise<membership.InvitedProfile> {
    return this.rpc.call(profiles.getUser, { realmId: staffRealmId, user: { userId } }, context);
  }

  private async lastLoginOf(userId: string, context: CallContext): Promise<string | null> {
    const { users } = await this.rpc.call(identity.describeLogins, { realmId: staffRealmId, userIds: [userId] }, context);
    return users[0]?.lastLoginAt ?? null;
  }
}

export function unknownInvitation() {
  return membership.membershipErrors.failure('invitation-not-found', 'There is no such invitation.');
}

function placeOfRow({ organisationId, teamId, projectId }: membership.Invitation): membership.Scope {
  if (projectId !== null) return { level: 'project', projectId };
  if (teamId !== null) return { level: 'team', teamId };
  return organisationId === null ? { level: 'deployment' } : { level: 'organisation', organisationId };
}
