import { Injectable } from '@nestjs/common';
import type { TableCounts } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { MailsRepository } from './mails.repository.js';
import { SendMail } from './send-mail.js';

/** The workers' own part of an erasure: what they know of a user's mails, and the files. */
@Injectable()
export class EraseMails {
  constructor(
    private readonly database: Database,
    private readonly mails: MailsRepository,
    private readonly sendMail: SendMail,
  ) {}

  /** Files first: without its row nobody knew whose a file is. Idempotent. */
  async erase(realmId: string, userIds: readonly string[]): Promise<TableCounts> {
    const mailIds = await this.mails.listOfUsers(this.database, realmId, userIds);
    const files = await this.sendMail.removeFiles(mailIds);
    return { mails: await this.mails.remove(this.database, mailIds.map((mailId) => ({ realmId, mailId }))), mail_files: files };
  }

  async countRemains(realmId: string, userIds: readonly string[]): Promise<TableCounts> {
    const mailIds = await this.mails.listOfUsers(this.database, realmId, userIds);
    return { mails: mailIds.length, mail_files: await this.sendMail.countFiles(mailIds) };
  }
}
