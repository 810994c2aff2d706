import { Injectable } from '@nestjs/common';
import { mailContent, type MailContent, type MailToSend } from '#libs/contracts';
import { Database } from '#libs/platform/database';
import { loginsRepository, type LoginRow } from '../login/logins.repository.js';
import { canonicalName } from '../names/canonical-name.js';
import { isLink, MailTokens } from './mail-tokens.js';
import { maskEmail } from './mask-email.js';
import { outgoingMailsRepository, type MailRow } from './outgoing-mails.repository.js';

/** What a mail says, to whom, when the workers are about to send it. */
@Injectable()
export class GetMail {
  constructor(
    private readonly database: Database,
    private readonly tokens: MailTokens,
  ) {}

  /** @returns null when it is over: used, expired, superseded, or its user is not as they were */
  async execute(realmId: string, mailId: string): Promise<MailToSend | null> {
    const mail = await outgoingMailsRepository.find(this.database, realmId, mailId);
    if (mail === undefined || mail.userId === null || mail.email === null) return null;
    const login = await loginsRepository.find(this.database, realmId, mail.userId);
    if (login === undefined || !isStillMeant(mail, login) || !/^[^@\s]+@[^@\s]+$/.test(mail.email)) return null;
    const content = this.content(mail);
    return content === null ? null : { to: mail.email, content };
  }

  private content({ realmId, mailId, template, newEmail, facts, tokenHash, createdAt, expiresAt }: MailRow): MailContent | null {
    if (!isLink(template)) return mailContent.parse({ template, ...facts, changedAt: createdAt, ...(newEmail !== null && { newEmail: maskEmail(newEmail) }) });
    const token = this.tokens.again(template, realmId, mailId, tokenHash);
    // Another master key makes another token, which nothing would accept.
    return this.tokens.fits(token, tokenHash) ? { template, token, expiresAt } : null;
  }
}

/** A link goes to nobody who may not log in any more; and to no address that has ceased to be theirs. That others changed one is not told where it was taken back. */
function isStillMeant({ template, email, facts }: MailRow, { status, isActive, suspended, loginEmail }: LoginRow): boolean {
  if (status !== 'active') return false;
  const isTheirs = loginEmail !== null && email !== null && canonicalName(loginEmail) === canonicalName(email);
  if (!isLink(template)) return !(template === 'email-change-notice' && facts['by'] === 'others' && isTheirs);
  if (!isActive || suspended) return false;
  return template === 'email-change' || isTheirs;
}
