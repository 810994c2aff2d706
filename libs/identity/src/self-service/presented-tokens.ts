import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import type { Queryable } from '#libs/platform/database';
import { MailTokens } from '../mails/mail-tokens.js';
import { outgoingMailsRepository, type MailRow } from '../mails/outgoing-mails.repository.js';

/** Tokens of mails that somebody shows. */
@Injectable()
export class PresentedTokens {
  constructor(private readonly tokens: MailTokens) {}

  /**
   * The mail of a token that is good now; whether it is when it is used, `use` decides.
   * @throws Failure `token-invalid`, one for all reasons
   */
  async find(on: Queryable, token: string, kind: 'reset' | 'email'): Promise<MailRow & { userId: string }> {
    const mailId = this.tokens.mailIdOf(token, kind);
    const mail = mailId === null ? undefined : await outgoingMailsRepository.findById(on, mailId);
    if (!this.tokens.fits(token, mail?.tokenHash ?? null) || mail === undefined || mail.userId === null) throw tokenInvalid();
    return { ...mail, userId: mail.userId };
  }
}

export function tokenInvalid() {
  return identity.identityErrors.failure('token-invalid', 'The link is not valid any more: it was used, has expired, or a newer one was sent.');
}
