import { Injectable } from '@nestjs/common';
import type { sendMailsJob } from '#libs/contracts';
import type { CallContext, JobPayloadOf } from '#libs/platform/messages';
import { DeliverMail } from './deliver-mail.js';
import { SendMail } from './send-mail.js';

/** The mails of jobs that have several. They are sent side by side: of all jobs together as many as their transport takes, those that are patient after the others. */
@Injectable()
export class DeliverMails {
  private running = 0;
  private readonly urgent: (() => void)[] = [];
  private readonly patient: (() => void)[] = [];

  constructor(
    private readonly deliverMail: DeliverMail,
    private readonly sendMail: SendMail,
  ) {}

  /**
   * One attempt at each; those that are finished are left as they are.
   * @throws when one of them could not be sent now: the queue then tries again
   */
  async attempt({ mails, isPatient = false }: JobPayloadOf<typeof sendMailsJob>, context: CallContext): Promise<void> {
    const waiting = isPatient ? this.patient : this.urgent;
    const attempts = await Promise.allSettled(mails.map(({ realmId, mailId }) => this.inTurn(waiting, () => this.deliverMail.attempt(realmId, mailId, context))));
    const failed = attempts.find((attempt) => attempt.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  private async inTurn(waiting: (() => void)[], work: () => Promise<void>): Promise<void> {
    if (this.running < this.sendMail.atOnce) this.running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      await work();
    } finally {
      // Whoever is next has the place.
      const next = this.urgent.shift() ?? this.patient.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }
}
