import { Injectable } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { MailTuning } from './mail-tuning.js';
import { MailsRepository } from './mails.repository.js';
import { SendMail } from './send-mail.js';

const batch = 1_000;

@Injectable()
export class TrimMails {
  constructor(
    private readonly database: Database,
    private readonly mails: MailsRepository,
    private readonly sendMail: SendMail,
    private readonly tuning: MailTuning,
  ) {}

  /** Removes what is known of mails that were finished long ago, and their files. */
  async trim(): Promise<{ removed: number }> {
    let mailIds: string[];
    let removed = 0;
    do {
      mailIds = await this.mails.listOld(this.database, this.tuning.keptDays, batch);
      await this.sendMail.removeFiles(mailIds);
      await this.mails.remove(this.database, mailIds);
      removed += mailIds.length;
    } while (mailIds.length === batch);
    return { removed };
  }
}
