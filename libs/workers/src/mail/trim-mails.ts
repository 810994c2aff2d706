import { Injectable } from '@nestjs/common';
import { Database } from '#libs/platform/database';
import { MailTuning } from './mail-tuning.js';
import { MailsRepository, type MailKey } from './mails.repository.js';
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
    let mails: MailKey[];
    let removed = 0;
    do {
      mails = await this.mails.listOld(this.database, this.tuning.keptDays, batch);
      await this.sendMail.removeFiles(mails.map(({ mailId }) => mailId));
      await this.mails.remove(this.database, mails);
      removed += mails.length;
    } while (mails.length === batch);
    return { removed };
  }
}
