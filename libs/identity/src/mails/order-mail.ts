import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { identity, type MailContent } from '#libs/contracts';
import type { ConfigValues } from '#libs/platform/config';
import type { Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext } from '#libs/platform/messages';
import { identityConfig } from '../identity.config.js';
import { loginEmailsRepository } from '../login/login-emails.repository.js';
import { canonicalName } from '../names/canonical-name.js';
import { ThrottleKeys } from '../throttling/throttle-keys.js';
import { MailboxBound } from './mailbox-bound.js';
import { isLink, MailTokens } from './mail-tokens.js';
import { mailThrottlesRepository } from './mail-throttles.repository.js';
import { outgoingMailsRepository } from './outgoing-mails.repository.js';

export interface MailOrder {
  realmId: string;
  template: Exclude<MailContent['template'], 'invitation'>;
  /** Null: nobody, and nothing will be sent. */
  recipient: { userId: string; email: string } | null;
  newEmail?: string;
  facts?: Record<string, string | boolean>;
  /** What somebody else does is told so often in an hour, and then not any more: nobody is to have a mailbox filled by it. */
  isLimited?: boolean;
}

/** Longer than the workers try. */
const noticeTtl = 4 * 86_400;

/** Has a mail sent: its row and its event, in the transaction of what it is about. */
@Injectable()
export class OrderMail {
  constructor(
    private readonly tokens: MailTokens,
    private readonly outbox: Outbox,
    private readonly keys: ThrottleKeys,
    private readonly bound: MailboxBound,
    @Inject(identityConfig.token) private readonly config: ConfigValues<typeof identityConfig>,
  ) {}

  /** Without a recipient it does the same work. */
  async order(tx: Transaction, { realmId, template, recipient, newEmail, facts = {}, isLimited = false }: MailOrder, context: CallContext): Promise<void> {
    if (isLimited && recipient !== null && !(await this.isWithinLimits(tx, realmId, template, canonicalName(recipient.email)))) return;
    const mailId = uuidv7();
    const userId = recipient?.userId ?? null;
    const tokenHash = isLink(template) ? this.tokens.hash(this.tokens.of(template, realmId, mailId)) : null;
    const row = { realmId, mailId, template, userId, email: recipient?.email ?? null, newEmail: newEmail ?? null, facts, tokenHash };
    await outgoingMailsRepository.insert(tx, row, this.ttl(template));
    await this.outbox.append(tx, context, event(identity.mailRequested, { realmId, mailId, userId, template }));
  }

  private async isWithinLimits(tx: Transaction, realmId: string, template: MailOrder['template'], name: string): Promise<boolean> {
    if (!(await mailThrottlesRepository.take(tx, realmId, this.keys.forRecipient(realmId, template, name), this.config.MAILS_PER_RECIPIENT))) return false;
    const login = await loginEmailsRepository.findMailable(tx, realmId, name);
    return this.bound.take(tx, realmId, name, (login?.emailVerifiedAt ?? null) === null);
  }

  private ttl(template: MailOrder['template']): number {
    if (template === 'password-reset') return this.config.RESET_TOKEN_TTL;
    return isLink(template) ? this.config.EMAIL_TOKEN_TTL : noticeTtl;
  }
}
