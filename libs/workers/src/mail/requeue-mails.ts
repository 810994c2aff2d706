import { Injectable } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { MailQueue } from './mail-queue.js';
import { MailsRepository } from './mails.repository.js';

const batch = 500;

@Injectable()
export class RequeueMails {
  constructor(
    private readonly database: Database,
    private readonly mails: MailsRepository,
    private readonly queue: MailQueue,
  ) {}

  /** Makes jobs of mails that have none: the process died after the commit, the queue has lost it, or gave it up. As with erasures. */
  async requeue(): Promise<{ queued: number }> {
    let queued = 0;
    for (const mail of await this.mails.listWaiting(this.database, batch)) {
      if (!(await this.queue.add(mail, mail.isStuck ? mail.attempts : undefined))) break;
      queued += 1;
    }
    return { queued };
  }
}
