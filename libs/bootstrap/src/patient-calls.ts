import { setTimeout as wait } from 'node:timers/promises';
import { isFailure, StartupError } from '#libs/platform/errors';
import type { AnyMessage, CallContext, RequestInput, ResponseOf } from '#libs/platform/messages';
import type { RpcClient } from '#libs/platform/rpc';

/**
 * Calls that wait for services that are still starting, since there is no start order. A call whose answer was lost is
 * made again, so each must be harmless to repeat.
 */
export class PatientCalls {
  private readonly until: number;

  /** @param patienceMs how long all calls together may wait for services that are away */
  constructor(
    private readonly rpc: RpcClient,
    private readonly context: CallContext,
    patienceMs: number,
  ) {
    this.until = Date.now() + patienceMs;
  }

  /** @throws Failure the callee's own; StartupError once patience is at its end */
  async call<M extends AnyMessage>(message: M, request: RequestInput<M>): Promise<ResponseOf<M>> {
    for (;;) {
      try {
        return await this.rpc.call(message, request, this.context);
      } catch (error) {
        if (!isFailure(error) || error.value.kind !== 'unavailable') throw error;
        if (Date.now() > this.until) throw new StartupError(`A service that setting up needs could not be reached: ${error.value.message} Try again once it runs.`);
        await wait(250);
      }
    }
  }

  /** Undefined where the callee answers with the given code. */
  async find<M extends AnyMessage>(message: M, request: RequestInput<M>, absent: string): Promise<ResponseOf<M> | undefined> {
    try {
      return await this.call(message, request);
    } catch (error) {
      if (isFailure(error, absent)) return undefined;
      throw error;
    }
  }
}
