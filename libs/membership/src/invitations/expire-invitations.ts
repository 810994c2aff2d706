import { Injectable } from '@nestjs/common';
import { systemActor } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { ChangeInvitation } from './change-invitation.js';
import { InvitationsRepository } from './invitations.repository.js';

const batch = 200;

/**
 * Closes invitations whose term is over; nobody can accept them in any case. Any number of replicas may do so at once: each
 * invitation is locked, and looked at again.
 */
@Injectable()
export class ExpireInvitations {
  constructor(
    private readonly database: Database,
    private readonly invitations: InvitationsRepository,
    private readonly changeInvitation: ChangeInvitation,
  ) {}

  /**
   * Thousands that were invited at once are over at once, and until they are closed each list has to look at them.
   * @param timeIsUp asked between batches: when it says so, the rest is left
   * @returns how many; `more`: something may be left
   */
  async expire(timeIsUp: () => boolean = () => false): Promise<{ expired: number; more: boolean }> {
    for (let expired = 0; ; ) {
      const some = await this.invitations.listExpired(this.database, batch);
      for (const { invitationId } of some) await this.changeInvitation.expire(invitationId, systemActor, { requestId: `invitation-${invitationId}` });
      expired += some.length;
      if (some.length < batch) return { expired, more: false };
      if (timeIsUp()) return { expired, more: true };
    }
  }
}
