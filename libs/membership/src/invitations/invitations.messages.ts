import { Injectable } from '@nestjs/common';
import { getMail, membership, type profiles } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { AcceptInvitation } from './accept-invitation.js';
import { InvitationMail } from './invitation-mail.js';
import { InviteUser } from './invite-user.js';
import { InviteesRepository } from './invitees.repository.js';
import { ShowInvitations } from './show-invitations.js';

@Injectable()
export class InvitationsMessages {
  constructor(
    private readonly database: Database,
    private readonly inviteUser: InviteUser,
    private readonly acceptInvitation: AcceptInvitation,
    private readonly invitationMail: InvitationMail,
    private readonly invitees: InviteesRepository,
    private readonly show: ShowInvitations,
  ) {}

  @Handles(membership.inviteUser)
  async invite(...[request, context]: HandlerArguments<typeof membership.inviteUser>) {
    const { invitation, announced, user, created, person } = await this.inviteUser.invite(request, context);
    return { invitation: announced ? this.show.announced(invitation) : await this.show.one(invitation, context), user, created, ...(person === undefined ? {} : { profile: shown(person) }) };
  }

  @Handles(membership.beginInvitations)
  async begin(...[, context]: HandlerArguments<typeof membership.beginInvitations>) {
    await this.inviteUser.begin(context);
    return {};
  }

  @Handles(membership.acceptInvitation)
  async accept(...[request, context]: HandlerArguments<typeof membership.acceptInvitation>) {
    const invitation = await this.acceptInvitation.accept(request, context);
    const [user] = await this.invitees.describe(this.database, [invitation.userId]);
    return { invitation: await this.show.one(invitation, context), user: user! };
  }

  @Handles(getMail.membership)
  async mail(...[{ mailId }, context]: HandlerArguments<typeof getMail.membership>) {
    return { mail: await this.invitationMail.say(mailId, context) };
  }
}

function shown({ userId, displayName, email, isActive, preferences, createdAt, modifiedAt }: profiles.Profile): membership.InvitedProfile {
  return { userId, displayName, email, isActive, preferences, createdAt, modifiedAt };
}
