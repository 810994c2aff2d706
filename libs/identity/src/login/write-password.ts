import { Injectable } from '@nestjs/common';
import { identity, staffRealmId, type Actor } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database, type Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import { Idempotency } from '#libs/platform/idempotency';
import type { CallContext } from '#libs/platform/messages';
import { OrderMail } from '../mails/order-mail.js';
import { outgoingMailsRepository } from '../mails/outgoing-mails.repository.js';
import { PasswordPolicy } from '../passwords/password-policy.js';
import { sessionsRepository } from '../sessions/sessions.repository.js';
import { loginsRepository, type LockedLogin, type LoginRow, type LoginState } from './logins.repository.js';

export interface NewPassword {
  realmId: string;
  userId: string;
  password: string;
  passwordHash: string;
  /** At the next login. */
  mustChange: boolean;
  /** A session that goes on; the user's others end. */
  keepSessionId: string | null;
  /** What a pending login logs in with, unless its row says otherwise by now. */
  contactEmail: string | null;
  /** Who sets it: for the audit trail, and for the notice that a user gets who could log in before. */
  actor: Actor;
  /** A password that is there stays. */
  onlyFirst?: boolean;
  /** Of a user who can't log in yet: their row as it was when the email was read. */
  ifVersion?: number;
  /** By a link that was mailed to the user. */
  isReset?: boolean;
  /** What comes first, once the login is locked; it throws where there is to be no change. */
  first?: (tx: Transaction, login: LoginRow) => Promise<void>;
}

/** The one transaction of a password change; it makes a pending login active. */
@Injectable()
export class WritePassword {
  constructor(
    private readonly database: Database,
    private readonly policy: PasswordPolicy,
    private readonly outbox: Outbox,
    private readonly orderMail: OrderMail,
    private readonly idempotency: Idempotency,
  ) {}

  /**
   * @returns the new state, or null when there is no row any more
   * @throws Failure `user-not-found`, `email-missing`, `email-taken`, `password-refused`
   */
  async execute(change: NewPassword, context: CallContext): Promise<LoginState | null> {
    const { realmId, userId, keepSessionId, actor } = change;
    return this.database.withTransaction((tx) =>
      this.idempotency.once(tx, context, {
        work: async (): Promise<LoginState | null> => {
          const login = await loginsRepository.lock(tx, realmId, userId);
          if (login === undefined || !canGoOn(login, change)) return null;
          if (change.onlyFirst === true && login.status === 'active' && login.passwordHash !== null) return { ...stateOf(login), canLogIn: true };
          await change.first?.(tx, login);
          const { state, facts } = await this.write(tx, login, change);
          await sessionsRepository.endOfUsers(tx, realmId, [userId], 'password-changed', keepSessionId);
          // Whoever asked for these may be whom the new password is to keep out.
          await outgoingMailsRepository.endTokens(tx, realmId, userId, ['password-reset', 'email-change']);
          await this.tell(tx, login, state, change, context);
          await this.outbox.append(tx, context, event(identity.loginChanged, { realmId, userId, version: state.version, facts }));
          const projectId = realmId === staffRealmId ? null : realmId;
          await auditTrail.append(tx, context, { actor, action: 'user.password-set', target: { type: 'user', id: userId }, projectId, before: login.passwordHash === null ? [] : ['password'], after: facts });
          return state;
        },
        refer: (state) => (state === null ? undefined : { userId: state.userId }),
        again: async (changed) => {
          const [state] = await loginsRepository.describe(tx, realmId, [changed.userId]);
          if (state === undefined) throw identity.identityErrors.failure('user-not-found', 'There is no such user.');
          return state;
        },
      }),
    );
  }

  /**
   * The user learns by mail that it was changed, and by whom; that they were given one, where they have to do something about it.
   * What the system does itself, nobody needs to hear of.
   */
  private async tell(tx: Transaction, before: LoginRow, after: LoginState, { realmId, userId, actor, isReset, mustChange }: NewPassword, context: CallContext): Promise<void> {
    const email = before.status === 'active' && before.loginEmail !== null ? before.loginEmail : mustChange ? after.loginEmail : null;
    if (actor.type === 'system' || email === null) return;
    const by = isReset === true ? 'reset' : actor.type === 'user' && actor.id === userId ? 'user' : 'administrator';
    const isFirst = by === 'administrator' && before.passwordHash === null;
    await this.orderMail.order(tx, { realmId, template: 'password-changed', recipient: { userId, email }, facts: { by, mustChange, isFirst }, isLimited: by === 'administrator' }, context);
  }

  private async write(tx: Transaction, login: LoginRow, change: NewPassword): Promise<{ state: LoginState; facts: string[] }> {
    const { realmId, userId, password, contactEmail } = change;
    switch (login.status) {
      case 'hidden':
        throw identity.identityErrors.failure('user-not-found', 'There is no such user.');
      case 'active':
        if (login.passwordHash === null) return this.openLogin(tx, login, change);
        this.policy.checkAgainstNames(password, [login.userName, login.loginEmail]);
        return { state: await loginsRepository.setPassword(tx, realmId, userId, change), facts: ['password'] };
      case 'pending': {
        const email = login.loginEmail ?? contactEmail;
        if (email === null) throw identity.identityErrors.failure('email-missing', 'The user has no email to log in with.');
        this.policy.checkAgainstNames(password, [email]);
        return { state: await loginsRepository.activate(tx, realmId, userId, email, change), facts: ['login_email', 'password'] };
      }
    }
  }

  /** Somebody with a row who could not log in: registered without a password, say; or staff whose address is theirs by an invitation or a single sign-on. */
  private async openLogin(tx: Transaction, { userName, loginEmail }: LoginRow, change: NewPassword): Promise<{ state: LoginState; facts: string[] }> {
    const { realmId, userId, password } = change;
    const email = change.contactEmail ?? loginEmail;
    if (email === null && userName === null) throw identity.identityErrors.failure('email-missing', 'The user has no email to log in with.');
    this.policy.checkAgainstNames(password, [userName, email]);
    return { state: await loginsRepository.activate(tx, realmId, userId, email, change), facts: ['login_email', 'password'] };
  }
}

/** False: the row is another request's, or what was read for this one has changed. */
function canGoOn(login: LockedLogin, { ifVersion }: NewPassword): boolean {
  if (login.isRegistering) return false;
  return login.status !== 'active' || login.passwordHash !== null || ifVersion === undefined || login.version === ifVersion;
}

function stateOf({ userId, version, userName, loginEmail, isActive }: LoginRow): Omit<LoginState, 'canLogIn'> {
  return { userId, version, userName, loginEmail, isActive };
}
