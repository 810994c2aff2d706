import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { identity, membership, operations } from '#libs/contracts';
import { auditTrail } from '#libs/platform/audit';
import { Database } from '#libs/platform/database';
import { isFailure } from '#libs/platform/errors';
import { event, Outbox } from '#libs/platform/events';
import { Idempotency } from '#libs/platform/idempotency';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { LoginStatePush } from '../login/login-state-push.js';
import { loginsRepository, type LoginState } from '../login/logins.repository.js';
import { OrderMail } from '../mails/order-mail.js';
import { registrationsRepository, type Registration } from './registrations.repository.js';

/** The second half of a registration, once there is a profile: roles, and the login. It may run again after any step. */
@Injectable()
export class CompleteRegistration {
  constructor(
    private readonly database: Database,
    private readonly rpc: RpcClient,
    private readonly statePush: LoginStatePush,
    private readonly outbox: Outbox,
    private readonly orderMail: OrderMail,
    private readonly idempotency: Idempotency,
  ) {}

  /**
   * @returns the id of the user
   * @throws Failure of membership, after which there is no such user; `service-unavailable`, after which somebody will go on
   */
  async execute(registration: Registration, grantor: membership.Grantor, context: CallContext): Promise<string> {
    await this.giveRoles(registration, grantor, context);
    const { realmId, userId } = registration;
    const state = await this.database.withTransaction((tx) =>
      this.idempotency.once(tx, context, {
        work: async () => {
          const registered = await registrationsRepository.activate(tx, realmId, userId);
          if (registered === undefined) return this.alreadyThere(realmId, userId);
          const { mustChange, ...activated } = registered;
          // Who has to do something about it is told.
          if (mustChange && activated.loginEmail !== null) {
            await this.orderMail.order(tx, { realmId, template: 'password-changed', recipient: { userId, email: activated.loginEmail }, facts: { by: 'administrator', mustChange, isFirst: true } }, context);
          }
          await this.outbox.append(tx, context, event(identity.loginChanged, { realmId, userId, version: activated.version, facts: ['status', 'user_name', 'login_email', 'password'] }));
          await auditTrail.append(tx, context, { actor: grantor.actor, action: 'user.registered', target: { type: 'user', id: userId }, projectId: realmId });
          return activated;
        },
        refer: (activated) => ({ userId: activated.userId }),
        again: (registered) => this.alreadyThere(realmId, registered.userId),
      }),
    );
    await this.statePush.push(realmId, [state], context);
    return state.userId;
  }

  private async giveRoles({ realmId, userId, roles }: Registration, grantor: membership.Grantor, context: CallContext): Promise<void> {
    if (roles.length === 0) return;
    try {
      await this.rpc.call(membership.setProjectRoles, { projectId: realmId, userId, roles, grantor }, context);
    } catch (error) {
      // They were granted when they were asked for: a role was removed since, or somebody's right to give it.
      if (isRefusal(error)) await this.undo(realmId, userId, grantor, context);
      throw error;
    }
  }

  /** Somebody else finished it: a retry, or whoever took it over. */
  private async alreadyThere(realmId: string, userId: string): Promise<LoginState> {
    const [state] = await loginsRepository.describe(this.database, realmId, [userId]);
    if (state === undefined) throw identity.identityErrors.failure('user-not-found', 'The user was removed while they were being registered.');
    return state;
  }

  /** As any user is removed, here too: which gives the names back. */
  private async undo(realmId: string, userId: string, { actor }: membership.Grantor, context: CallContext): Promise<void> {
    await this.rpc.call(operations.requestErasure, { realmId, erasureId: randomUUID(), users: [{ userId }], requestedBy: actor.id }, context);
  }
}

/** A service looked at the request and said no; as opposed to nobody having looked, or having had time to say. */
export function isRefusal(error: unknown): boolean {
  return isFailure(error) && error.value.kind !== 'unavailable' && error.value.kind !== 'internal';
}
