import { Injectable } from '@nestjs/common';
import type { membership } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import type { CallContext } from '#libs/platform/messages';
import { InvitationsRepository } from '../invitations/invitations.repository.js';
import { MailStates } from '../invitations/mail-states.js';
import { FindStaff } from './find-staff.js';

/** People who have yet to accept an invitation: whether its mail has left. */
@Injectable()
export class AwaitedStaff {
  constructor(
    private readonly database: Database,
    private readonly findStaff: FindStaff,
    private readonly invitations: InvitationsRepository,
    private readonly mailStates: MailStates,
  ) {}

  /** The same people, in the same order. Of invitations into places that the viewer has no part in they are told nothing. */
  async withMails(people: readonly membership.StaffMember[], viewer: membership.Viewer, context: CallContext): Promise<membership.StaffMember[]> {
    if (people.length === 0) return [];
    const mails = new Map(await this.invitations.openMails(this.database, people.map(({ userId }) => userId), await this.findStaff.reachOf(viewer)));
    const stateOf = await this.mailStates.of([...mails.values()], context);
    return people.map((one) => (mails.has(one.userId) ? { ...one, emailStatus: stateOf(mails.get(one.userId)!) } : one));
  }
}
