import { Injectable } from '@nestjs/common';
import { identity } from '#libs/contracts';
import { Database, type Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf, ResponseOf } from '#libs/platform/messages';
import { EmailChangeNotices } from './email-change-notices.js';
import { loginsRepository } from './logins.repository.js';

/** Follows the contact email of a user who can log in. Profiles asks before it changes one. */
@Injectable()
export class ChangeLoginEmail {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly notices: EmailChangeNotices,
  ) {}

  /** `applied` is false for a user who can't log in: the address is contact data and none of our business. */
  async execute(request: RequestOf<typeof identity.changeLoginEmail>, context: CallContext): Promise<ResponseOf<typeof identity.changeLoginEmail>> {
    return this.database.withTransaction((tx) => this.change(tx, request, context));
  }

  /** Changes it, and takes that back. @throws Failure as it would */
  async check(request: RequestOf<typeof identity.checkLoginEmail>, context: CallContext): Promise<void> {
    const changed = this.database.withTransaction(async (tx) => {
      await this.change(tx, request, context);
      throw new TakenBack();
    });
    await changed.catch((error: unknown) => {
      if (!(error instanceof TakenBack)) throw error;
    });
  }

  private async change(tx: Transaction, { realmId, userId, email, contactOnly = false, onlyFrom }: RequestOf<typeof identity.changeLoginEmail>, context: CallContext): Promise<ResponseOf<typeof identity.changeLoginEmail>> {
    const login = await loginsRepository.lock(tx, realmId, userId);
    if (login === undefined || login.status === 'hidden') return { applied: false };
    if (onlyFrom !== undefined && login.loginEmail !== onlyFrom) return { applied: false };
    if (login.status === 'active' && login.passwordHash === null) {
      if (contactOnly && login.userName !== null) return { applied: false, refused: true };
      // Counted all the same: whoever is giving the user a password must not go by the email as it was before.
      await loginsRepository.touch(tx, realmId, userId);
      return { applied: false };
    }
    if (login.status === 'active' && login.loginEmail === email) return { applied: true, before: email };
    // Whoever gives a login an address can have its password reset.
    if (contactOnly) return { applied: false, refused: true };
    if (email === null && login.userName === null) throw identity.identityErrors.failure('email-missing', 'The user logs in with the email and needs one.');
    // Taking back what came to nothing is no news; and GetMail drops the notice of what was taken back.
    if (onlyFrom === undefined) await this.notices.tell(tx, login, { realmId, email }, context);
    const version = await loginsRepository.setEmail(tx, realmId, userId, email);
    // A pending login is announced when it becomes active.
    if (login.status === 'active') await this.outbox.append(tx, context, event(identity.loginChanged, { realmId, userId, version, facts: ['login_email'] }));
    return { applied: true, before: login.loginEmail };
  }
}

/** Ends a transaction that is not to be committed. */
class TakenBack extends Error {}
