import { Injectable } from '@nestjs/common';
import type { sendMailsJob } from '#libs/contracts';
import type { CallContext, JobPayloadOf } from '#libs/platform/messages';
import { DeliverMail } from './deliver-mail.js';
import { SendMail } from './send-mail.js';

/** The mails of jobs that have several. They are sent side by side: of all jobs together as many as their transport takes. */
@Injectable()
export class DeliverMails {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly deliverMail: DeliverMail,
    private readonly sendMail: SendMail,
  ) {}

  /**
   * One attempt at each; those that are finished are left as they are.
   * @throws when one of them could not be sent now: the queue then tries again
   */
  async attempt({ mails }: JobPayloadOf<typeof sendMailsJob>, context: CallContext): Promise<void> {
    const attempts = await Promise.allSettled(mails.map(({ realmId, mailId }) => this.inTurn(() => this.deliverMail.attempt(realmId, mailId, context))));
    const failed = attempts.find((attempt) => attempt.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  private async inTurn(work: () => Promise<void>): Promise<void> {
    if (this.running < this.sendMail.atOnce) this.running += 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      await work();
    } finally {
      // Whoever is next has the place.
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }
}
