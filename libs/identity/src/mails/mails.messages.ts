import { Injectable } from '@nestjs/common';
import { getMail } from '#libs/contracts';
import { Handles, type HandlerArguments } from '#libs/platform/rpc';
import { GetMail } from './get-mail.js';

@Injectable()
export class MailsMessages {
  constructor(private readonly mail: GetMail) {}

  @Handles(getMail.identity)
  async get(...[{ realmId, mailId }]: HandlerArguments<typeof getMail.identity>) {
    return { mail: await this.mail.execute(realmId, mailId) };
  }
}
