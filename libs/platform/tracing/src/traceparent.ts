import { TraceFlags, type SpanContext } from '@opentelemetry/api';

const format = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const nothing = /^0+$/;

/** Reads a W3C `traceparent`; undefined when it is none. Later versions are read as far as this one goes, as they ask to be. */
export function parseTraceparent(text: string): SpanContext | undefined {
  const [, version = '', traceId = '', spanId = '', flags = '', more] = format.exec(text) ?? [];
  if (traceId === '' || version === 'ff' || (version === '00' && more !== undefined) || nothing.test(traceId) || nothing.test(spanId)) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true };
}

export function toTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-0${traceFlags & TraceFlags.SAMPLED}`;
}
