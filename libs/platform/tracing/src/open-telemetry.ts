import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { ROOT_CONTEXT, SpanKind, trace, type Tracer as OtelTracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, ParentBasedSampler, TracerProvider, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace';
import { OpenSpan } from './open-span.js';
import { SpanCounter } from './span-counter.js';
import type { Report, TracingFigures } from './start-tracing.js';
import { parseTraceparent } from './traceparent.js';
import { noSpan, type Span, type SpanStart, type Tracer } from './tracer.js';
import { WatchedExporter } from './watched-exporter.js';

export interface TelemetrySettings {
  service: string;
  url: string;
  headers: Record<string, string>;
  ratio: number;
  attributes: Record<string, string>;
  report: Report;
}

/** Spans that wait to be sent, some kilobytes each. What comes when so many wait is left out. */
const mostWaiting = 4_096;
const exportWithinMs = 5_000;
const flushWithinMs = 2_000;

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, producer: SpanKind.PRODUCER, consumer: SpanKind.CONSUMER, internal: SpanKind.INTERNAL } as const;

/** Makes spans by OpenTelemetry's SDK and has them sent in batches. Nothing waits for that, and it changes nothing global. */
export class OpenTelemetry implements Tracer {
  private readonly hand = new AsyncLocalStorage<OpenSpan | undefined>();
  private readonly exporter: WatchedExporter;
  private readonly counter: SpanCounter;
  private readonly provider: TracerProvider;
  private readonly tracer: OtelTracer;

  constructor({ service, url, headers, ratio, attributes, report }: TelemetrySettings) {
    this.exporter = new WatchedExporter(new OTLPTraceExporter({ url, headers, timeoutMillis: exportWithinMs }), report);
    this.counter = new SpanCounter(new BatchSpanProcessor({ exporter: this.exporter, maxQueueSize: mostWaiting, exportTimeoutMillis: exportWithinMs + 1_000, scheduledDelayMillis: 1_000 }));
    this.provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.namespace': 'rollcall', 'service.name': service, 'service.instance.id': randomUUID(), ...attributes }),
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
      spanProcessors: [this.counter],
    });
    this.tracer = this.provider.getTracer('rollcall');
  }

  start({ name, kind, attributes = {}, from, begins = false }: SpanStart): Span {
    const remote = typeof from === 'string' ? parseTraceparent(from) : undefined;
    const parent = remote === undefined ? this.atHand() : undefined;
    if (remote === undefined && parent === undefined && !begins) return noSpan;
    // Nothing is kept of this trace: what goes on is who it is.
    if (parent?.ids === undefined && parent !== undefined) return parent.shadow();
    const context = remote !== undefined ? trace.setSpanContext(ROOT_CONTEXT, remote) : parent === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, parent.span);
    return new OpenSpan(this.tracer.startSpan(name, { kind: kinds[kind], attributes }, context), this.hand);
  }

  current(): Span | undefined {
    return this.atHand();
  }

  without<T>(work: () => T): T {
    return this.hand.run(undefined, work);
  }

  figures(): TracingFigures {
    return { made: this.counter.ended, sent: this.exporter.sent, lost: this.exporter.lost };
  }

  async stop(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, flushWithinMs);
    });
    await Promise.race([this.provider.shutdown().catch(() => undefined), late]);
    clearTimeout(timer);
  }

  /** What goes on after its span has ended, a loop that a request set off, is no part of it. */
  private atHand(): OpenSpan | undefined {
    const span = this.hand.getStore();
    return span?.hasEnded === true ? undefined : span;
  }
}
