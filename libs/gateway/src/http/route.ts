import type { StreamableFile } from '@nestjs/common';
import type { z } from 'zod';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CallContext } from '#libs/platform/messages';
import type { AccessRule } from '../access/access-rule.js';
import type { Caller } from '../access/caller.js';
import type { AnswerHeader } from './answer-headers.js';
import type { PageProject } from './browser-pages.js';
import type { SurfaceName } from './dialect.js';
import type { IdempotencyRule } from './idempotency-key.js';

/** One endpoint of the public API as a value: what is served, documented, authorised and validated comes from it alone. */
export interface Route {
  readonly surface: SurfaceName;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** One path, or all that lead here. Parameters as `:name`. */
  readonly path: string | readonly string[];
  /** Who may call it. There is no default: a route without a rule does not compile. */
  readonly access: AccessRule;
  /** Of every POST; other methods may be repeated as they are. */
  readonly idempotencyKey?: IdempotencyRule;
  /** Of a route that anyone may call: whether pages of a project's `allowed_origins` may call it, and where the project is named. */
  readonly pages?: Exclude<PageProject, 'caller'>;
  /** True: of what gateways remember (`Changes`), nothing changes by this write of surface C or D, which is made too often to have all of it asked anew each time. */
  readonly keepsAnswers?: true;
  readonly summary: string;
  /** What the API reference says besides the summary, who may call it and what an `Idempotency-Key` does. */
  readonly description?: string;
  /** A body for the API reference, where one made of its schema would not do. */
  readonly example?: unknown;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** In place of a body: a file of one of these media types, which the route reads as it comes. */
  readonly file?: { readonly description: string; readonly examples: Readonly<Record<string, string>> };
  /** The status of success and what it holds. */
  readonly answer: {
    readonly status: number;
    readonly description: string;
    readonly body?: z.ZodType;
    /** The content type of an answer that is streamed, in place of a body. */
    readonly stream?: string;
    /** Headers that only this route sends. Those that depend on its access, its pages and `@Header` are documented by themselves. */
    readonly headers?: readonly AnswerHeader[];
  };
  /** Other statuses that are no failures. An answer without `body` has none. */
  readonly otherAnswers?: Readonly<Record<number, { readonly description: string; readonly body?: z.ZodType; readonly headers?: readonly AnswerHeader[] }>>;
  /** Statuses of failure that a caller should expect besides 400, 401, 403 and 503, with the reason. */
  readonly failures?: Readonly<Record<number, string>>;
}

type Output<T> = T extends z.ZodType ? z.output<T> : undefined;

/** What a route's method gets: everything parsed, and who asks. */
export interface RouteCall<R extends Route = Route> {
  readonly params: Output<R['params']>;
  readonly query: Output<R['query']>;
  readonly body: Output<R['body']>;
  readonly caller: CallerOf<R>;
  readonly requestId: string;
  /** Handed on with every message that changes something: the request, the surface, the client's address, its idempotency key. */
  readonly context: CallContext;
  /** For what is neither in the path, the query nor the body: headers, the peer's address. */
  readonly http: FastifyRequest;
  /** For a status or headers that depend on the answer. */
  readonly reply: FastifyReply;
}

type CallerOf<R extends Route> = R['access'] extends AccessRule<infer C> ? C : Caller;

/** What a route's method gives back: the body or the stream that its definition declares. */
export type AnswerOf<R extends Route> = R['answer'] extends { stream: string } ? StreamableFile : R['answer'] extends { body: infer B extends z.ZodType } ? z.input<B> : void;

/** A POST has to say whether it takes an `Idempotency-Key`: without that it does not compile. */
export function route<const R extends Route>(definition: R & (R['method'] extends 'POST' ? { idempotencyKey: IdempotencyRule } : { idempotencyKey?: never })): R {
  return definition;
}
