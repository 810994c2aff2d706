import type { z } from 'zod';

/**
 * One request and its answer between services, as a single value; every type about it is inferred from it.
 * Bodies are JSON: no dates, no undefined, no class instances (times are ISO 8601 strings).
 */
export interface Message<Request extends z.ZodType = z.ZodType, Response extends z.ZodType = z.ZodType> {
  /** `service.thing.verb`, which is also the NATS subject. */
  readonly subject: string;
  readonly request: Request;
  readonly response: Response;
  /** The error codes its handler may answer, besides the platform's own. */
  readonly errors: readonly string[];
  /** How long a caller waits for the answer; absent: the configured default. */
  readonly deadlineMs?: number;
}

export type AnyMessage = Message;
/** What a caller hands in: defaults may be left out. */
export type RequestInput<M extends AnyMessage> = z.input<M['request']>;
/** What a handler gets: parsed, defaults filled in, undeclared fields gone. */
export type RequestOf<M extends AnyMessage> = z.output<M['request']>;
export type ResponseOf<M extends AnyMessage> = z.output<M['response']>;

export function defineMessage<const Request extends z.ZodType, const Response extends z.ZodType>(message: {
  subject: string;
  request: Request;
  response: Response;
  errors?: readonly string[];
  deadlineMs?: number;
}): Message<Request, Response> {
  return { errors: [], ...message };
}

/** The `Idempotency-Key` of a request as services see it: hashes, never what a client sent. */
export interface IdempotencyKey {
  /** The project, organisation or realm in which the caller acts. */
  readonly scopeId: string;
  /** SHA-256, base64url: of the key, its caller, and the route that was called. */
  readonly key: string;
  /** SHA-256, base64url: of the request as it was sent. */
  readonly request: string;
  /** The message that is being served. A key counts for each message by itself. */
  readonly subject?: string;
}

/** What travels beside a request from the edge to the last service and job. */
export interface CallContext {
  /** Echoed in `X-Request-Id`, in every log line and on every event of the request. */
  readonly requestId: string;
  /** W3C `traceparent` of the span that goes on with this, while there are traces. */
  readonly traceparent?: string;
  /** Milliseconds since the epoch after which nobody waits for the answer any more. */
  readonly deadlineAt?: number;
  /** Where at the edge the request came in; absent for what nobody asked for: schedules, events, jobs. */
  readonly origin?: CallOrigin;
  /** Whoever makes a change for it makes it once, whatever is sent again (see `Idempotency`). */
  readonly idempotency?: IdempotencyKey;
}

/** Through what, and from where, somebody asks. For the audit trail; an address is personal data, and is never logged. */
export interface CallOrigin {
  /** Name of the surface: `admin`. */
  readonly surface: string;
  /** Network address of the client, as far as the configured proxies are believed. */
  readonly address: string | null;
}
