import type { AsyncLocalStorage } from 'node:async_hooks';
import { SpanStatusCode, type Span as OtelSpan } from '@opentelemetry/api';
import { toTraceparent } from './traceparent.js';
import type { Span, SpanAttributes } from './tracer.js';

/** A span of the SDK, one that is kept or one that is not. */
export class OpenSpan implements Span {
  readonly traceparent: string;
  readonly ids: { traceId: string; spanId: string } | undefined;
  hasEnded = false;

  constructor(
    readonly span: OtelSpan,
    private readonly hand: AsyncLocalStorage<OpenSpan | undefined>,
  ) {
    const context = span.spanContext();
    this.traceparent = toTraceparent(context);
    this.ids = span.isRecording() ? { traceId: context.traceId, spanId: context.spanId } : undefined;
  }

  /** One more of a trace that is not kept. */
  shadow(): OpenSpan {
    return new OpenSpan(this.span, this.hand);
  }

  rename(name: string): void {
    this.span.updateName(name);
  }

  set(attributes: SpanAttributes): void {
    this.span.setAttributes(attributes);
  }

  fail(code: string): void {
    this.span.setAttribute('error.type', code).setStatus({ code: SpanStatusCode.ERROR });
  }

  link(other: Span): void {
    if (other instanceof OpenSpan) this.span.addLink({ context: other.span.spanContext() });
  }

  end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.span.end();
  }

  run<T>(work: () => T): T {
    return this.hand.run(this, work);
  }
}
