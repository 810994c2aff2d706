import { isFailure } from '#libs/platform/errors';
import { noSpan, type Span, type SpanStart, type Tracer } from './tracer.js';

/** That of the process; there is none while traces are off. Not injected: what costs nothing then must not need anything either. */
let tracer: Tracer | undefined;

/** @returns the one before */
export function useTracer(next: Tracer | undefined): Tracer | undefined {
  const before = tracer;
  tracer = next;
  return before;
}

export function isTracing(): boolean {
  return tracer !== undefined;
}

/**
 * Runs `work` as a span. One that is thrown out of it fails under its code.
 * @param start for what is done often, a function: what it says is put together while there are traces only
 */
export function traced<T>(start: SpanStart | (() => SpanStart), work: (span: Span) => Promise<T>): Promise<T> {
  return tracer === undefined ? work(noSpan) : spanned(tracer.start(typeof start === 'function' ? start() : start), work);
}

async function spanned<T>(span: Span, work: (span: Span) => Promise<T>): Promise<T> {
  try {
    return await span.run(() => work(span));
  } catch (error) {
    note(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** A span that its caller ends. */
export function startSpan(start: SpanStart): Span {
  return tracer?.start(start) ?? noSpan;
}

/** The span at hand, for work that will be done together with others'. */
export function currentSpan(): Span | undefined {
  return tracer?.current();
}

/**
 * Runs `work`, which is done for several at once, as a span of the first of them that is traced. It names the others, and they it.
 * @param askers what `currentSpan` said when each came
 */
export function tracedTogether<T>(name: string, askers: readonly (Span | undefined)[], work: () => Promise<T>): Promise<T> {
  if (tracer === undefined) return work();
  const known = [...new Set(askers)].filter((asker) => asker !== undefined);
  const first = known.find(({ ids }) => ids !== undefined) ?? known[0];
  if (first === undefined) return tracer.without(work);
  return first.run(() =>
    traced({ name, kind: 'internal', attributes: { 'rollcall.group.size': askers.length } }, async (span) => {
      for (const other of known) {
        if (other === first) continue;
        span.link(other);
        other.link(span);
      }
      return work();
    }),
  );
}

/** What goes along with what is done later, or elsewhere: the `traceparent` of the context, or of the span at hand. */
export function carriedTrace(context: { readonly traceparent?: string | undefined }): string | undefined {
  return tracer === undefined ? undefined : (context.traceparent ?? tracer.current()?.traceparent);
}

/** For log lines: in which trace they were written, if it is one that is kept. */
export function currentTrace(): { traceId: string; spanId: string } | undefined {
  return tracer?.current()?.ids;
}

/** What is thrown says what it is by its code; what it says in words may quote somebody. */
function note(span: Span, error: unknown): void {
  if (!isFailure(error)) return span.fail(labelOf(error));
  const { kind, code } = error.value;
  if (kind === 'internal' || kind === 'unavailable') span.fail(code);
  else span.set({ 'error.type': code });
}

function labelOf(error: unknown): string {
  const { code, name } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : typeof name === 'string' ? name : 'unknown';
}
