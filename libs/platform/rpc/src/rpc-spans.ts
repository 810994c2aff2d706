import type { FailureValue } from '#libs/platform/errors';
import type { Span, SpanStart } from '#libs/platform/tracing';

/** A request between services, as one of its two sides sees it. */
export function spanOf(subject: string, kind: 'client' | 'server', from: string | undefined): SpanStart {
  const dot = subject.indexOf('.');
  return { name: subject, kind, from, attributes: { 'rpc.system': 'rollcall', 'rpc.service': subject.slice(0, dot), 'rpc.method': subject.slice(dot + 1) } };
}

/** A refusal is an answer like any other; a span has failed where somebody has to mend something. */
export function noteFailure(span: Span, { kind, code }: FailureValue): void {
  if (kind === 'internal' || kind === 'unavailable') span.fail(code);
  else span.set({ 'error.type': code });
}
