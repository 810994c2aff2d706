import { z } from 'zod';
import { defineConfig, httpUrl } from '#libs/platform/config';

const ratio = 'must be a number from 0 to 1';
const pairs = 'must be key=value pairs, separated by commas; other characters than letters, digits and -_.~ percent-encoded';

/** `key=value,key=value`, as OpenTelemetry writes headers and attributes; values are percent-encoded. */
function keyValues() {
  return z
    .string({ error: pairs })
    .default('')
    .refine((text) => text === '' || text.split(',').every((pair) => /^\s*[^\s=,%]+\s*=[^=,]*$/.test(pair) && isDecodable(pair)), pairs)
    .transform((text) => Object.fromEntries(text === '' ? [] : text.split(',').map((pair) => toEntry(pair))));
}

function toEntry(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return [pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())];
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** The names are OpenTelemetry's own. */
export const tracingConfig = defineConfig(
  'tracing',
  {
    OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl().optional().describe('The collector that [traces](docs/operating-traces.md) are sent to, by OTLP over HTTP: http://host:4318. Default: there are no traces'),
    OTEL_EXPORTER_OTLP_HEADERS: keyValues().describe('Headers for the collector, key=value,key=value, such as authorization=Bearer%20…'),
    OTEL_TRACES_SAMPLER_ARG: z
      .string({ error: ratio })
      .regex(/^(0|1|0?\.\d{1,9}|1\.0+|0\.0+)$/, ratio)
      .default('1')
      .transform(Number)
      .describe('Which part of the requests that bring no trace of their own is traced, 0 to 1'),
    OTEL_RESOURCE_ATTRIBUTES: keyValues().describe('What else every span says of its process, key=value,key=value, such as deployment.environment.name=production'),
  },
  ({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS }) =>
    OTEL_EXPORTER_OTLP_ENDPOINT === undefined && Object.keys(OTEL_EXPORTER_OTLP_HEADERS).length > 0
      ? [{ message: 'OTEL_EXPORTER_OTLP_HEADERS is set, and no collector', explain: 'Without OTEL_EXPORTER_OTLP_ENDPOINT there are no traces.' }]
      : [],
);
