import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database, type Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { loginEmailsRepository } from '../login/login-emails.repository.js';
import { LoginStatePush } from '../login/login-state-push.js';
import { loginsRepository, type LoginRow } from '../login/logins.repository.js';
import { OrderMail } from '../mails/order-mail.js';
import { outgoingMailsRepository, type MailRow } from '../mails/outgoing-mails.repository.js';
import { canonicalName } from '../names/canonical-name.js';
import { PresentedTokens, tokenInvalid } from './presented-tokens.js';

/** Confirms an address with the token of a mail that went there. */
@Injectable()
export class ConfirmEmail {
  constructor(
    private readonly database: Database,
    private readonly presented: PresentedTokens,
    private readonly orderMail: OrderMail,
    private readonly outbox: Outbox,
    private readonly statePush: LoginStatePush,
  ) {}

  /** @throws Failure `token-invalid`; `email-taken` when somebody else has got the address meanwhile, with the token left as it was */
  async execute({ token }: RequestOf<typeof identity.confirmEmail>, context: CallContext): Promise<void> {
    const mail = await this.presented.find(this.database, token, 'email');
    const { realmId, userId } = mail;
    await this.database.withTransaction(async (tx) => {
      const login = await loginsRepository.lock(tx, realmId, userId);
      if (login?.status !== 'active' || !login.isActive || login.suspended || !(await outgoingMailsRepository.use(tx, mail))) throw tokenInvalid();
      if (mail.template === 'email-change') await this.change(tx, login, mail, context);
      else if (!isSame(login.loginEmail, mail.email)) throw tokenInvalid();
      await loginEmailsRepository.markVerified(tx, realmId, userId);
    });
    if (mail.template === 'email-change') await this.statePush.push(realmId, await loginsRepository.describe(this.database, realmId, [userId]), context);
  }

  private async change(tx: Transaction, { userId, loginEmail }: LoginRow, { realmId, email }: MailRow, context: CallContext): Promise<void> {
    const version = await loginsRepository.setEmail(tx, realmId, userId, email);
    // The links that went to the old address.
    await outgoingMailsRepository.endTokens(tx, realmId, userId, ['password-reset', 'email-verification']);
    if (loginEmail !== null) await this.orderMail.order(tx, { realmId, template: 'email-change-notice', recipient: { userId, email: loginEmail }, newEmail: email ?? '', facts: { confirmed: true } }, context);
    await this.outbox.append(tx, context, event(identity.loginChanged, { realmId, userId, version, facts: ['login_email'] }));
  }
}

function isSame(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && canonicalName(one) === canonicalName(other);
}
