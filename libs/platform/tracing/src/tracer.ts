/** `server`, `client`: of a request, its answerer and its asker. `producer`, `consumer`: of what is done later. `internal`: the rest. */
export type SpanKind = 'server' | 'client' | 'producer' | 'consumer' | 'internal';

/** Names of things in the code, ids and codes. Never what somebody sent: no addresses, names, parameters, texts of errors. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export interface SpanStart {
  /** From the code: a route, a subject, the name of a statement. */
  name: string;
  kind: SpanKind;
  attributes?: SpanAttributes;
  /** The W3C `traceparent` of the span that it continues. Absent, or none: the span at hand. */
  from?: string | null | undefined;
  /** Begins a trace where there is none. Without it there is no span then. */
  begins?: boolean;
}

/** Something that takes time, as part of a trace. */
export interface Span {
  /** For whoever goes on with the trace elsewhere, W3C `traceparent`; undefined when there is no trace. */
  readonly traceparent: string | undefined;
  /** Under which its trace is found; undefined when there is none, or it is not among those that are kept. */
  readonly ids: { traceId: string; spanId: string } | undefined;
  rename(name: string): void;
  set(attributes: SpanAttributes): void;
  /** @param code of the failure, never its text */
  fail(code: string): void;
  /** What its work was also done for. */
  link(other: Span): void;
  end(): void;
  /** Runs `work` with this as the span at hand, for all that comes of it. */
  run<T>(work: () => T): T;
}

/** Makes spans; there is one while traces are on. */
export interface Tracer {
  start(start: SpanStart): Span;
  /** The span at hand, while it lasts. */
  current(): Span | undefined;
  /** Runs `work` without a span at hand. */
  without<T>(work: () => T): T;
}

/** What there is instead of a span where there is no trace. */
export const noSpan: Span = {
  traceparent: undefined,
  ids: undefined,
  rename: () => undefined,
  set: () => undefined,
  fail: () => undefined,
  link: () => undefined,
  end: () => undefined,
  run: (work) => work(),
};
