import type { AnyMessage, CallContext, RequestInput, ResponseOf } from '#libs/platform/messages';
import { RpcClient } from '#libs/platform/rpc';

/** Stands for a process that is killed: after so many calls nothing of it happens any more. */
export class DyingRpcClient extends RpcClient {
  calls = 0;

  /** @param moment whether the last call still reaches its service */
  constructor(
    private readonly rpc: RpcClient,
    private readonly dieAt: number,
    private readonly moment: 'before' | 'after',
  ) {
    super();
  }

  override async call<M extends AnyMessage>(message: M, request: RequestInput<M>, context: CallContext): Promise<ResponseOf<M>> {
    this.calls += 1;
    if (this.calls < this.dieAt) return this.rpc.call(message, request, context);
    if (this.calls === this.dieAt && this.moment === 'after') await this.rpc.call(message, request, context);
    throw new Error('killed');
  }
}
