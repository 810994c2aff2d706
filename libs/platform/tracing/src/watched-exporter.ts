import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { Report } from './start-tracing.js';

type Done = Parameters<SpanExporter['export']>[1];

/** Sends spans, and tells when that begins to fail and when it works again: not each time. */
export class WatchedExporter implements SpanExporter {
  sent = 0;
  lost = 0;
  private away = false;

  constructor(
    private readonly next: SpanExporter,
    private readonly report: Report,
  ) {}

  export(spans: ReadableSpan[], done: Done): void {
    this.next.export(spans, (result) => {
      const failed = result.code !== 0;
      if (failed) this.lost += spans.length;
      else this.sent += spans.length;
      if (failed !== this.away) {
        this.away = failed;
        this.report(failed ? 'away' : 'back', { ...(failed ? { code: codeOf(result.error) } : {}), lost: this.lost });
      }
      done(result);
    });
  }

  async forceFlush(): Promise<void> {
    await this.next.forceFlush?.();
  }

  async shutdown(): Promise<void> {
    await this.next.shutdown();
  }
}

/** An HTTP status, or what the system calls it: `ECONNREFUSED`. */
function codeOf(error: Error | undefined): string {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown } };
  return String(code ?? cause?.code ?? error?.name ?? 'unknown');
}
