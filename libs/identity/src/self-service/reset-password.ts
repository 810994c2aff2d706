import { Injectable } from '@nestjs/common';
import type { identity } from '#libs/contracts';
import { Database, type Transaction } from '#libs/platform/database';
import type { CallContext, RequestOf } from '#libs/platform/messages';
import { LoginStatePush } from '../login/login-state-push.js';
import { loginEmailsRepository } from '../login/login-emails.repository.js';
import type { LoginRow } from '../login/logins.repository.js';
import { WritePassword } from '../login/write-password.js';
import { outgoingMailsRepository, type MailRow } from '../mails/outgoing-mails.repository.js';
import { canonicalName } from '../names/canonical-name.js';
import { NewPasswords } from '../passwords/new-passwords.js';
import { loginThrottlesRepository } from '../throttling/login-throttles.repository.js';
import { ThrottleKeys } from '../throttling/throttle-keys.js';
import { PresentedTokens, tokenInvalid } from './presented-tokens.js';

/** Sets a password with the token of a mail. */
@Injectable()
export class ResetPassword {
  constructor(
    private readonly database: Database,
    private readonly presented: PresentedTokens,
    private readonly passwords: NewPasswords,
    private readonly writePassword: WritePassword,
    private readonly keys: ThrottleKeys,
    private readonly statePush: LoginStatePush,
  ) {}

  /** A password that is refused does not use the token up. */
  async execute({ token, password }: RequestOf<typeof identity.resetPassword>, context: CallContext): Promise<void> {
    // Before the password is hashed, so that nobody has us hash without a token.
    const mail = await this.presented.find(this.database, token, 'reset');
    const passwordHash = await this.passwords.hash(password, context);
    const { realmId, userId } = mail;
    const change = { realmId, userId, password, passwordHash, mustChange: false, keepSessionId: null, contactEmail: null, actor: { type: 'user' as const, id: userId }, isReset: true };
    const state = await this.writePassword.execute({ ...change, first: (tx, login) => this.useToken(tx, login, mail) }, context);
    if (state === null) throw tokenInvalid();
    await this.statePush.push(realmId, [state], context);
  }

  private async useToken(tx: Transaction, login: LoginRow, mail: MailRow): Promise<void> {
    const isTheirs = login.status === 'active' && login.isActive && !login.suspended && login.loginEmail !== null && mail.email !== null && canonicalName(login.loginEmail) === canonicalName(mail.email);
    if (!isTheirs || !(await outgoingMailsRepository.use(tx, mail))) throw tokenInvalid();
    // Who has read the mail has the address.
    await loginEmailsRepository.markVerified(tx, mail.realmId, login.userId);
    // What strangers tried shall not keep the owner from using the new password.
    const names = [login.userName, login.loginEmail].filter((name) => name !== null);
    await loginThrottlesRepository.pardon(tx, mail.realmId, names.map((name) => this.keys.forName(mail.realmId, canonicalName(name))));
  }
}
