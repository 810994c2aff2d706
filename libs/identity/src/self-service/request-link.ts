import { Inject, Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import type { ConfigValues } from '#libs/platform/config';
import { Database } from '#libs/platform/database';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { identityConfig } from '../identity.config.js';
import { loginEmailsRepository, type MailableLogin } from '../login/login-emails.repository.js';
import { mailThrottlesRepository } from '../mails/mail-throttles.repository.js';
import { MailboxBound } from '../mails/mailbox-bound.js';
import { OrderMail } from '../mails/order-mail.js';
import { canonicalName } from '../names/canonical-name.js';
import { ThrottleKeys } from '../throttling/throttle-keys.js';

type LinkTemplate = 'password-reset' | 'email-verification';

/**
 * Mails a link to whoever has the address. Whether somebody has it, is inactive or was mailed too often: the same statements
 * run, the same rows are written, and the same event goes out, so that neither the answer nor its time tells them apart. The
 * workers then find out that there is nothing to send.
 */
@Injectable()
export class RequestLink {
  constructor(
    private readonly database: Database,
    private readonly keys: ThrottleKeys,
    private readonly bound: MailboxBound,
    private readonly orderMail: OrderMail,
    @Inject(identityConfig.token) private readonly config: ConfigValues<typeof identityConfig>,
  ) {}

  /** @throws Failure `too-many-attempts` for the network address */
  async execute(template: LinkTemplate, { realmId, email, address }: RequestOf<typeof identity.forgetPassword>, context: CallContext): Promise<void> {
    const name = canonicalName(email);
    if (address !== null) await this.countRequest(realmId, address);
    await this.database.withTransaction(async (tx) => {
      const mayBeSent = await mailThrottlesRepository.take(tx, realmId, this.keys.forRecipient(realmId, template, name), this.config.MAILS_PER_RECIPIENT);
      const login = await loginEmailsRepository.findMailable(tx, realmId, name);
      const recipient = mayBeSent && login !== undefined && isOpen(template, login) ? { userId: login.userId, email: login.loginEmail } : null;
      const isWithin = await this.bound.take(tx, realmId, name, recipient !== null && login?.emailVerifiedAt === null);
      await this.orderMail.order(tx, { realmId, template, recipient: isWithin ? recipient : null }, context);
    });
  }

  private async countRequest(realmId: string, address: string): Promise<void> {
    if (await mailThrottlesRepository.take(this.database, realmId, this.keys.forMailRequests(address), this.config.MAIL_REQUESTS_PER_ADDRESS)) return;
    throw identity.identityErrors.failure('too-many-attempts', 'There were too many requests for mail: try again later.', { retryAfter: 600 });
  }
}

/** A confirmed address needs no confirming. */
function isOpen(template: LinkTemplate, { emailVerifiedAt }: MailableLogin): boolean {
  return template === 'password-reset' || emailVerifiedAt === null;
}
