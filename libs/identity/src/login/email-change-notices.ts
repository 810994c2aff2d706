import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/platform/database';
import type { CallContext } from '#libs/platform/messages';
import { OrderMail } from '../mails/order-mail.js';
import { canonicalName } from '../names/canonical-name.js';
import type { LoginRow } from './logins.repository.js';

/** Tells a user at the address that they had that somebody else changed what they log in by: it may be how somebody else becomes them. */
@Injectable()
export class EmailChangeNotices {
  constructor(private readonly orderMail: OrderMail) {}

  /**
   * In the transaction of the change, before it.
   * @param email the new one; null: none
   * @param actorId who it was, where that is known: a user's own change is told in other words
   */
  async tell(tx: Transaction, before: Pick<LoginRow, 'userId' | 'status' | 'loginEmail'>, { realmId, email, actorId }: { realmId: string; email: string | null; actorId?: string }, context: CallContext): Promise<void> {
    const { userId, status, loginEmail } = before;
    if (status !== 'active' || loginEmail === null || (email !== null && canonicalName(email) === canonicalName(loginEmail))) return;
    const by = actorId === userId ? 'user' : 'others';
    await this.orderMail.order(tx, { realmId, template: 'email-change-notice', recipient: { userId, email: loginEmail }, newEmail: email ?? '', facts: { confirmed: true, by }, isLimited: true }, context);
  }
}
