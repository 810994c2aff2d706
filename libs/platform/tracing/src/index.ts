export { startTracing, type Report, type Tracing, type TracingFigures } from './start-tracing.js';
export { carriedTrace, currentSpan, currentTrace, isTracing, startSpan, traced, tracedTogether } from './traced.js';
export type { Span, SpanAttributes, SpanKind, SpanStart } from './tracer.js';
export { tracingConfig } from './tracing.config.js';
