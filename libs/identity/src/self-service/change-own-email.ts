import { Inject, Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import type { ConfigValues } from '#libs/platform/config';
import { Database } from '#libs/platform/database';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { identityConfig } from '../identity.config.js';
import { loginsRepository } from '../login/logins.repository.js';
import { mailThrottlesRepository } from '../mails/mail-throttles.repository.js';
import { MailboxBound } from '../mails/mailbox-bound.js';
import { OrderMail } from '../mails/order-mail.js';
import { canonicalName } from '../names/canonical-name.js';
import { loginNamesRepository } from '../names/login-names.repository.js';
import { ThrottleKeys } from '../throttling/throttle-keys.js';
import { assertStillChecked, OwnPasswordCheck } from './own-password-check.js';

/** Begins the change of a login email; it is done when the new address is confirmed. */
@Injectable()
export class ChangeOwnEmail {
  constructor(
    private readonly database: Database,
    private readonly check: OwnPasswordCheck,
    private readonly keys: ThrottleKeys,
    private readonly bound: MailboxBound,
    private readonly orderMail: OrderMail,
    @Inject(identityConfig.token) private readonly config: ConfigValues<typeof identityConfig>,
  ) {}

  /** An address that somebody else has gets no mail, and the answer is the same: it must not tell who has an account. */
  async execute({ realmId, userId, email, password }: RequestOf<typeof identity.changeOwnEmail>, context: CallContext): Promise<void> {
    const name = canonicalName(email);
    const checked = await this.check.check({ realmId, userId, password }, context);
    await this.database.withTransaction(async (tx) => {
      // The lock has an erasure, or a password change, which ends such links, come before this or after it.
      const login = await loginsRepository.lock(tx, realmId, userId);
      assertStillChecked(login, checked);
      const { loginEmail } = login;
      if (loginEmail !== null && canonicalName(loginEmail) === name) throw identity.identityErrors.failure('email-unchanged', 'This is the email already.');
      const limit = this.config.MAILS_PER_RECIPIENT;
      if (!(await mailThrottlesRepository.take(tx, realmId, this.keys.forRecipient(realmId, 'email-change', `OWN ${userId}`), limit))) {
        throw identity.identityErrors.failure('too-many-attempts', 'The change of the email was asked for too often: try again later.', { retryAfter: 600 });
      }
      const mayBeSent = await mailThrottlesRepository.take(tx, realmId, this.keys.forRecipient(realmId, 'email-change', name), limit);
      const recipient = mayBeSent && !(await loginNamesRepository.isAnothers(tx, realmId, name, userId)) ? { userId, email } : null;
      const isWithin = await this.bound.take(tx, realmId, name, recipient !== null);
      await this.orderMail.order(tx, { realmId, template: 'email-change', recipient: isWithin ? recipient : null }, context);
      if (loginEmail !== null) await this.orderMail.order(tx, { realmId, template: 'email-change-notice', recipient: { userId, email: loginEmail }, newEmail: email, facts: { confirmed: false } }, context);
    });
  }
}
