import type { AnyMessage, CallContext, RequestInput, ResponseOf } from '#libs/platform/messages';

/** Calls another service. The only way to do so: business code sees neither NATS nor Nest's client. */
export abstract class RpcClient {
  /**
   * Sends a request and waits for its answer, at most until the message's deadline or the context's, whichever is sooner.
   * @throws Failure the callee's own; `service-unavailable` when nobody answers in time
   */
  abstract call<M extends AnyMessage>(message: M, request: RequestInput<M>, context: CallContext): Promise<ResponseOf<M>>;
}
