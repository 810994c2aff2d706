import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { membership, operations } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { LoginStatePush } from '../login/login-state-push.js';
import type { Registration } from './registrations.repository.js';
import { WriteRegistrations } from './write-registrations.js';

/** The second half of a registration, once there is a profile: roles, and the login. It may run again after any step. */
@Injectable()
export class CompleteRegistration {
  constructor(
    private readonly rpc: RpcClient,
    private readonly writes: WriteRegistrations,
    private readonly statePush: LoginStatePush,
  ) {}

  /**
   * @returns the id of the user
   * @throws Failure of membership, after which there is no such user; `service-unavailable`, after which somebody will go on
   */
  async execute(registration: Registration, grantor: membership.Grantor, context: CallContext): Promise<string> {
    await this.giveRoles(registration, grantor, context);
    const state = await this.writes.activate(registration, grantor.actor, context);
    await this.statePush.push(registration.realmId, [state], context);
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

  /** As any user is removed, here too: which gives the names back. */
  private async undo(realmId: string, userId: string, { actor }: membership.Grantor, context: CallContext): Promise<void> {
    await this.rpc.call(operations.requestErasure, { realmId, erasureId: randomUUID(), users: [{ userId }], requestedBy: actor.id }, context);
  }
}

/** A service looked at the request and said no; as opposed to nobody having looked, or having had time to say. */
export function isRefusal(error: unknown): boolean {
  return isFailure(error) && error.value.kind !== 'unavailable' && error.value.kind !== 'internal';
}
