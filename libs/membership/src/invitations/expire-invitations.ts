import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { systemActor } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { Logger } from '#libs/platform/logging';
import { ChangeInvitation } from './change-invitation.js';
import { InvitationsRepository } from './invitations.repository.js';

const everyMs = 60_000;
const batch = 200;

/**
 * Closes invitations whose term is over; nobody can accept them in any case. Any number of replicas may do so at once: each
 * invitation is locked, and looked at again.
 */
@Injectable()
export class ExpireInvitations implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly invitations: InvitationsRepository,
    private readonly changeInvitation: ChangeInvitation,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.expire().catch((error: unknown) => this.logger.warn({ err: error }, 'invitations could not be closed, trying again in a minute'));
    }, everyMs);
    this.timer.unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
    this.stopping = true;
  }

  async expire(): Promise<void> {
    // Thousands that were invited at once are over at once, and until they are closed each list has to look at them.
    for (let over = batch; over === batch && !this.stopping; ) {
      const some = await this.invitations.listExpired(this.database, batch);
      over = some.length;
      for (const { invitationId } of some) await this.changeInvitation.expire(invitationId, systemActor, { requestId: `invitation-${invitationId}` });
    }
  }
}
