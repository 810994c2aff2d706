import { Injectable } from '@nestjs/common';
import { membership } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { ChangeInvitation } from './change-invitation.js';
import { ListInvitations } from './list-invitations.js';
import { ShowInvitations } from './show-invitations.js';

@Injectable()
export class ManagedInvitationsMessages {
  constructor(
    private readonly listInvitations: ListInvitations,
    private readonly changeInvitation: ChangeInvitation,
    private readonly show: ShowInvitations,
  ) {}

  @Handles(membership.listInvitations)
  async list(...[request, context]: HandlerArguments<typeof membership.listInvitations>) {
    const { rows, nextCursor } = await this.listInvitations.list(request);
    return { invitations: await this.show.all(rows, context), nextCursor };
  }

  @Handles(membership.getInvitation)
  async get(...[{ invitationId }, context]: HandlerArguments<typeof membership.getInvitation>) {
    return this.show.one(await this.listInvitations.get(invitationId), context);
  }

  @Handles(membership.resendInvitation)
  async resend(...[{ invitationId, actor }, context]: HandlerArguments<typeof membership.resendInvitation>) {
    return this.show.one(await this.changeInvitation.resend(invitationId, actor, context), context);
  }

  @Handles(membership.cancelInvitation)
  async cancel(...[{ invitationId, actor }, context]: HandlerArguments<typeof membership.cancelInvitation>) {
    await this.changeInvitation.cancel(invitationId, actor, context);
    return {};
  }
}
