import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { identity } from '#libs/contracts';
import type { CallContext } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';
import { clientOf } from '../http/client.js';
import { KnownDevice } from '../http/known-device.js';

/** Logging in, as every surface does it: the client is named for throttling, and its device remembers that it was here. */
@Injectable()
export class Logins {
  constructor(
    private readonly rpc: RpcClient,
    private readonly device: KnownDevice,
  ) {}

  /** @throws Failure `invalid-credentials`, `user-inactive`, `too-many-attempts`, `hashing-overloaded` */
  async logIn(login: { realmId: string; name: string; password: string }, http: FastifyRequest, reply: FastifyReply): Promise<identity.LoginResult> {
    const request = { ...login, ...clientOf(http), deviceToken: this.device.tokenOf(http) };
    const result = await this.rpc.call(identity.logIn, request, { requestId: http.id });
    if (result.step === 'done') this.device.remember(http, reply, result.deviceToken);
    return result;
  }

  /** Of a login that is answered with a failure after all: nobody gets its tokens, and whoever tries again gets others. Where that fails too, the session ends when nobody has used it for long. */
  async takeBack(session: { realmId: string; refreshToken: string }, reply: FastifyReply, context: CallContext): Promise<void> {
    this.device.takeBack(reply);
    await this.rpc.call(identity.endSession, session, context).catch(() => undefined);
  }

  /**
   * The step after a login with an administrator's password.
   * @param step realmId: where the user has to be of; null: wherever they are
   * @throws Failure `step-token-invalid`, `user-inactive`, `password-refused`, `hashing-overloaded`
   */
  async chooseNewPassword(step: { realmId: string | null; stepToken: string; password: string }, http: FastifyRequest, reply: FastifyReply, context: CallContext): Promise<identity.IssuedTokens> {
    const { deviceToken, ...tokens } = await this.rpc.call(identity.completeNewPassword, { ...step, ...clientOf(http), deviceToken: this.device.tokenOf(http) }, context);
    this.device.remember(http, reply, deviceToken);
    return tokens;
  }
}
