import { Injectable } from '@nestjs/common';
import type { membership } from '#libs/contracts';
import type { CallContext } from '#libs/platform/messages';
import type { StoredInvitation } from './invitations.repository.js';
import { MailStates } from './mail-states.js';

/** Invitations as others see them: with what became of their mails, which operations knows. */
@Injectable()
export class ShowInvitations {
  constructor(private readonly mailStates: MailStates) {}

  /** Its mail was asked for a moment ago, and waits: operations need not be asked. */
  announced({ placeId: _place, level: _level, mailId: _mail, ...shown }: StoredInvitation): membership.Invitation {
    return { ...shown, emailStatus: 'queued' };
  }

  async all(invitations: readonly StoredInvitation[], context: CallContext): Promise<membership.Invitation[]> {
    const states = await this.mailStates.of(invitations.map(({ mailId }) => mailId), context);
    return invitations.map(({ placeId: _place, level: _level, mailId, ...shown }) => ({ ...shown, emailStatus: states(mailId) }));
  }

  async one(invitation: StoredInvitation, context: CallContext): Promise<membership.Invitation> {
    return (await this.all([invitation], context))[0]!;
  }
}
