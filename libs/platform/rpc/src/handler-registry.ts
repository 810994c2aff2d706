import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Histogram } from 'prom-client';
import type { ConfigValues } from '#libs/platform/config';
import { isFailure, platformErrors, type FailureValue } from '#libs/platform/errors';
import { Logger } from '#libs/platform/logging';
import { compiled, type AnyMessage, type CallContext } from '#libs/platform/messages';
import { Metrics } from '#libs/platform/telemetry';
import { traced, type Span } from '#libs/platform/tracing';
import { declaredHandlers, type DeclaredHandler } from './handles.js';
import { largestMessageBytes, rpcConfig } from './rpc.config.js';
import { noteFailure, spanOf } from './rpc-spans.js';

/** The answer to a request as it crosses the wire. */
export type Reply = { ok: unknown } | { error: FailureValue };

interface Handler {
  message: AnyMessage;
  answer: (request: unknown, context: CallContext) => Promise<unknown>;
}

/** Every message handler of this process, found once at the start. Both transports answer through `serve`. */
@Injectable()
export class HandlerRegistry implements OnModuleInit {
  private readonly handlers = new Map<string, Handler>();
  private readonly durations: Histogram<'subject' | 'outcome'>;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly logger: Logger,
    @Inject(rpcConfig.token) private readonly config: ConfigValues<typeof rpcConfig>,
    metrics: Metrics,
  ) {
    this.durations = metrics.durations('rollcall_message_duration_seconds', 'Requests that services sent one another, as the one who answered saw them; the outcome is ok or the code of the failure', ['subject', 'outcome']);
  }

  onModuleInit(): void {
    for (const { instance } of this.discovery.getProviders() as { instance: object | null | undefined }[]) {
      if (instance === null || typeof instance !== 'object') continue;
      for (const declared of declaredHandlers(Object.getPrototypeOf(instance) as object)) this.add(declared, instance);
    }
  }

  subjects(): string[] {
    return [...this.handlers.keys()];
  }

  has(subject: string): boolean {
    return this.handlers.has(subject);
  }

  /** Parses the request, calls the handler and turns whatever happens into a reply; never rejects. */
  async serve(subject: string, request: unknown, context: CallContext): Promise<Reply> {
    const handler = this.handlers.get(subject);
    if (handler === undefined) return { error: platformErrors.failure('service-unavailable', `Nobody answers ${subject}.`).value };
    const began = performance.now();
    const reply = await traced(() => spanOf(subject, 'server', context.traceparent), (span) => this.answerTraced(handler, request, context, span));
    this.durations.observe({ subject, outcome: 'error' in reply ? reply.error.code : 'ok' }, (performance.now() - began) / 1_000);
    return reply;
  }

  private async answerTraced(handler: Handler, request: unknown, context: CallContext, span: Span): Promise<Reply> {
    const { traceparent } = span;
    const reply = await this.answer(handler, request, traceparent === undefined ? context : { ...context, traceparent });
    if ('error' in reply) noteFailure(span, reply.error);
    return reply;
  }

  private async answer(handler: Handler, request: unknown, context: CallContext): Promise<Reply> {
    const { subject } = handler.message;
    const parsed = compiled(handler.message.request).safeParse(request);
    if (!parsed.success) {
      const details = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
      return { error: platformErrors.failure('invalid-request', `The message ${subject} is malformed.`, { details }).value };
    }
    try {
      const response = await handler.answer(parsed.data, context.idempotency === undefined ? context : { ...context, idempotency: { ...context.idempotency, subject } });
      return { ok: this.config.RPC_CHECK_REPLIES ? this.checkedReply(handler.message, response) : response };
    } catch (error) {
      return { error: this.failureOf(handler.message, error, context) };
    }
  }

  private add({ message, method }: DeclaredHandler, instance: object): void {
    if (this.handlers.has(message.subject)) throw new Error(`Two handlers answer ${message.subject}.`);
    this.handlers.set(message.subject, { message, answer: method.bind(instance) });
  }

  /** What would only break in the other topology breaks here: a reply that isn't what the contract says, isn't JSON or is too large. */
  private checkedReply(message: AnyMessage, response: unknown): unknown {
    const json = JSON.stringify(response) ?? 'null';
    if (Buffer.byteLength(json) > largestMessageBytes) throw platformErrors.failure('message-too-large', `The answer to ${message.subject} is too large.`);
    return message.response.parse(JSON.parse(json));
  }

  private failureOf(message: AnyMessage, error: unknown, context: CallContext): FailureValue {
    if (isFailure(error)) {
      const known = message.errors.includes(error.value.code) || error.value.code in platformErrors.kinds;
      if (known || !this.config.RPC_CHECK_REPLIES) {
        if (error.value.kind === 'unavailable') this.logger.warn({ subject: message.subject, requestId: context.requestId, code: error.value.code, ...(error.cause === undefined ? {} : { err: error.cause }) }, 'request could not be answered');
        return error.value;
      }
      this.logger.error({ subject: message.subject, requestId: context.requestId, code: error.value.code }, 'the contract of this message does not name this error code');
    }
    this.logger.error({ subject: message.subject, requestId: context.requestId, err: error }, 'message handler failed');
    return platformErrors.failure('internal-error', 'Something went wrong on our side.').value;
  }
}
