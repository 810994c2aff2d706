import type { ConfigValues } from '#libs/platform/config';
import { useTracer } from './traced.js';
import type { tracingConfig } from './tracing.config.js';

/** Spans of this process since its start. What was made and neither sent nor lost waits, or was left out because too many waited. */
export interface TracingFigures {
  made: number;
  sent: number;
  lost: number;
}

export interface Tracing {
  figures(): TracingFigures;
  /** Sends what waits, for two seconds at the most, and makes no more. */
  stop(): Promise<void>;
}

/** Told once when the collector does not take spans any more, and once when it does again. */
export type Report = (state: 'away' | 'back', fields: { code?: string; lost: number }) => void;

/**
 * Has spans made and sent from now on, if the configuration names a collector. What it takes to do so is loaded only then.
 * @param service as traces name the process: `rollcall-gateway`
 */
export async function startTracing(config: ConfigValues<typeof tracingConfig>, service: string, report: Report): Promise<Tracing | undefined> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = config;
  if (endpoint === undefined) return undefined;
  const { OpenTelemetry } = await import('./open-telemetry.js');
  const telemetry = new OpenTelemetry({
    service,
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers: config.OTEL_EXPORTER_OTLP_HEADERS,
    ratio: config.OTEL_TRACES_SAMPLER_ARG,
    attributes: config.OTEL_RESOURCE_ATTRIBUTES,
    report,
  });
  const before = useTracer(telemetry);
  return {
    figures: () => telemetry.figures(),
    stop: async () => {
      useTracer(before);
      await telemetry.stop();
    },
  };
}
