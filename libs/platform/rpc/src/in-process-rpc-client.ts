import { Failure } from '#libs/platform/errors';
import type { AnyMessage, CallContext, RequestInput, ResponseOf } from '#libs/platform/messages';
import { remainingMs, unavailable, withDeadline } from './deadline.js';
import type { HandlerRegistry, Reply } from './handler-registry.js';
import { onward } from './onward.js';
import { RpcClient } from './rpc-client.js';

/**
 * The in-process twin: a function call with the same validation. Parsing copies the request, so that a handler never
 * shares an object with its caller.
 */
export class InProcessRpcClient extends RpcClient {
  constructor(
    private readonly registry: HandlerRegistry,
    private readonly defaultDeadlineMs: number,
  ) {
    super();
  }

  override async call<M extends AnyMessage>(message: M, request: RequestInput<M>, context: CallContext): Promise<ResponseOf<M>> {
    if (!this.registry.has(message.subject)) throw unavailable(message, 'is not running');
    const ms = remainingMs(message, context, this.defaultDeadlineMs);
    const reply: Reply = await withDeadline(this.registry.serve(message.subject, request, { ...onward(context), deadlineAt: Date.now() + ms }), ms, message);
    if ('error' in reply) throw new Failure(reply.error);
    return reply.ok as ResponseOf<M>;
  }
}
