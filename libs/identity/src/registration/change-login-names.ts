import { Injectable } from '@nestjs/common';
import { identity, staffRealmId } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database, type Transaction } from '#libs/platform/database';
import { event, Outbox } from '#libs/platform/events';
import type { CallContext, RequestOf, ResponseOf } from '#libs/platform/messages';
import { EmailChangeNotices } from '../login/email-change-notices.js';
import { LoginStatePush } from '../login/login-state-push.js';
import { loginsRepository, type LoginState } from '../login/logins.repository.js';
import { LoginRows, userNotFound } from './login-rows.js';

type Request = RequestOf<typeof identity.changeLoginNames>;
type Changed = ResponseOf<typeof identity.changeLoginNames>['changed'];

/** Changes what a user logs in with. Identity leads: whoever changes a profile comes here first. */
@Injectable()
export class ChangeLoginNames {
  constructor(
    private readonly database: Database,
    private readonly rows: LoginRows,
    private readonly statePush: LoginStatePush,
    private readonly outbox: Outbox,
    private readonly notices: EmailChangeNotices,
  ) {}

  async execute(request: Request, context: CallContext): Promise<Changed> {
    const { realmId, userId, userName } = request;
    const isNew = (await loginsRepository.find(this.database, realmId, userId)) === undefined;
    // Nobody without a row logs in, so their email is none of our business.
    if (isNew && (userName === undefined || userName === null)) return [];
    await this.rows.ensure(realmId, userId, context);
    const { state, changed } = await this.database.withTransaction((tx) => this.write(tx, request, context));
    if (state !== undefined) await this.statePush.push(realmId, [state], context);
    return changed;
  }

  private async write(tx: Transaction, { realmId, userId, actor, ...wanted }: Request, context: CallContext): Promise<{ state?: LoginState; changed: Changed }> {
    const login = await loginsRepository.lock(tx, realmId, userId);
    if (login?.status !== 'active') throw userNotFound();
    const canLogIn = login.passwordHash !== null;
    const userName = wanted.userName === undefined ? login.userName : wanted.userName;
    const loginEmail = wanted.email === undefined || !canLogIn ? login.loginEmail : wanted.email;
    const changed: Changed = [...(userName === login.userName ? [] : (['user_name'] as const)), ...(loginEmail === login.loginEmail ? [] : (['login_email'] as const))];
    if (changed.length === 0) return { changed };
    if (canLogIn && userName === null && loginEmail === null) throw identity.identityErrors.failure('login-name-missing', 'The user logs in, and needs a user name or an email to do so.');
    await this.notices.tell(tx, login, { realmId, email: loginEmail, actorId: actor.id }, context);
    const state = await loginsRepository.setNames(tx, realmId, userId, userName, loginEmail);
    await this.outbox.append(tx, context, event(identity.loginChanged, { realmId, userId, version: state.version, facts: changed }));
    await auditTrail.append(tx, context, { actor, action: 'user.names-changed', target: { type: 'user', id: userId }, projectId: realmId === staffRealmId ? null : realmId, before: changed, after: changed });
    return { state, changed };
  }
}
