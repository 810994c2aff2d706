import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import type { Transaction } from '#libs/platform/database';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { MembersRepository } from '../roles/members.repository.js';
import { Departures } from '../staff/departures.js';
import { InvitationPlaces, type InvitationPlace } from './invitation-places.js';
import { InvitationsRepository, type StoredInvitation } from './invitations.repository.js';
import { InviteesRepository } from './invitees.repository.js';
import { SendInvitation } from './send-invitation.js';

const { membershipErrors } = membership;

/** The one transaction of an invitation. */
@Injectable()
export class WriteInvitation {
  constructor(
    private readonly members: MembersRepository,
    private readonly places: InvitationPlaces,
    private readonly invitations: InvitationsRepository,
    private readonly invitees: InviteesRepository,
    private readonly sending: SendInvitation,
    private readonly departures: Departures,
  ) {}

  /** @returns the invitation, and whether it is a new one */
  async write(tx: Transaction, userId: string, { invitationId, email, scope, role, actor }: RequestOf<typeof membership.inviteUser>, context: CallContext): Promise<{ invitation: StoredInvitation; created: boolean }> {
    // The person's row makes invitations of one person come one after the other.
    const taken = await this.members.take(tx, userId);
    if (taken === 'hidden') throw membershipErrors.failure('user-not-found', 'This person is being erased: try again later.');
    const { name: _, ...place } = await this.places.find(tx, scope);
    // Of whom nobody had heard there is nothing to be found anywhere else.
    if (taken === 'known') {
      await this.departures.revive(tx, userId, { actor, organisationId: place.organisationId }, context);
      await this.refuseNeedless(tx, place, userId, role);
    }
    const invitation = await this.invitations.put(tx, { ...place, invitationId, userId, email, role, ...this.sending.prepare(actor) });
    if (place.organisationId !== null) this.invitees.expect(tx, place.organisationId, invitation, actor.id);
    const created = invitation.invitationId === invitationId;
    await this.sending.announce(tx, created ? 'user.invited' : 'invitation.renewed', invitation, actor, context);
    return { invitation, created };
  }

  private async refuseNeedless(tx: Transaction, place: Omit<InvitationPlace, 'name'>, userId: string, role: string): Promise<void> {
    if (await this.invitees.holds(tx, { ...place, userId, role })) throw membershipErrors.failure('role-held', 'They have this role already.');
    if (place.organisationId !== null && (await this.invitees.statusIn(tx, place.organisationId, userId)) === 'inactive') {
      throw membershipErrors.failure('member-inactive', 'They were deactivated in the organisation: activate them there instead.');
    }
  }
}
