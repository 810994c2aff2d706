import type { AnyMessage, CallContext, RequestOf, ResponseOf } from '#libs/platform/messages';

export type HandlerArguments<M extends AnyMessage> = [request: RequestOf<M>, context: CallContext];
type HandlerMethod<M extends AnyMessage> = (...args: HandlerArguments<M>) => Promise<ResponseOf<M>>;

const handled = Symbol('rollcall.rpc.handled');

/** A method of a `*.messages.ts` class that answers `message`. Arguments: the parsed request and the call's context. */
export function Handles<M extends AnyMessage>(message: M) {
  return <H extends HandlerMethod<M>>(prototype: object, _method: string, descriptor: TypedPropertyDescriptor<H>): void => {
    const list = Object.getOwnPropertyDescriptor(prototype, handled)?.value as DeclaredHandler[] | undefined;
    const declared: DeclaredHandler = { message, method: descriptor.value as unknown as DeclaredHandler['method'] };
    Object.defineProperty(prototype, handled, { value: [...(list ?? []), declared], configurable: true });
  };
}

export interface DeclaredHandler {
  message: AnyMessage;
  method: (request: unknown, context: CallContext) => Promise<unknown>;
}

/** The handlers that the class of this prototype declares. */
export function declaredHandlers(prototype: object): readonly DeclaredHandler[] {
  return (prototype as Record<symbol, DeclaredHandler[] | undefined>)[handled] ?? [];
}
