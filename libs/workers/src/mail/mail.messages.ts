import { Injectable } from '@nestjs/common';
import { operations } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { MailsRepository } from './mails.repository.js';

@Injectable()
export class MailMessages {
  constructor(
    private readonly database: Database,
    private readonly mails: MailsRepository,
  ) {}

  @Handles(operations.describeMails)
  async describe(...[{ realmId, mailIds }]: HandlerArguments<typeof operations.describeMails>) {
    return { mails: await this.mails.describe(this.database, realmId, mailIds) };
  }
}
