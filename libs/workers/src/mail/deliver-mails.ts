import { Inject, Injectable } from '@nestjs/common';
import type { sendMailsJob } from '#libs/contracts';
import type { ConfigValues } from '#libs/platform/config';
import type { CallContext, JobPayloadOf } from '#libs/platform/messages';
import { queueConfig } from '#libs/platform/queue';
import { DeliverMail } from './deliver-mail.js';

/** The mails of jobs that have several. They are sent side by side: of all jobs together as many as there may be jobs. */
@Injectable()
export class DeliverMails {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    @Inject(queueConfig.token) private readonly config: ConfigValues<typeof queueConfig>,
    private readonly deliverMail: DeliverMail,
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
    if (this.running < this.config.JOB_CONCURRENCY) this.running += 1;
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
