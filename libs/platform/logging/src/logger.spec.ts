import { afterEach, describe, expect, it } from '@jest/globals';
import { startTracing, traced, type Tracing } from '#libs/platform/tracing';
import { createLogger } from './index.js';

const nowhere = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_EXPORTER_OTLP_HEADERS: {}, OTEL_TRACES_SAMPLER_ARG: 1, OTEL_RESOURCE_ATTRIBUTES: {} };

let tracing: Tracing | undefined;
afterEach(() => tracing?.stop());

describe('log lines', () => {
  it('name the trace that they are written in, where there is one', async () => {
    const lines: Record<string, unknown>[] = [];
    const logger = createLogger({ level: 'info', format: 'json', service: 'spec', destination: { write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) } });
    logger.info({}, 'before');
    tracing = await startTracing(nowhere, 'rollcall-spec', () => undefined);
    logger.info({}, 'beside');
    const ids = await traced({ name: 'request', kind: 'server', begins: true }, async (span) => {
      await new Promise((resolve) => setImmediate(resolve));
      logger.info({ requestId: 'r' }, 'within');
      return span.ids;
    });
    expect(lines.map(({ msg, traceId, spanId }) => ({ msg, traceId, spanId }))).toEqual([{ msg: 'before' }, { msg: 'beside' }, { msg: 'within', ...ids }]);
  });

  it('do not show what must not be seen', () => {
    const lines: string[] = [];
    const logger = createLogger({ level: 'info', format: 'json', service: 'spec', destination: { write: (line) => lines.push(line) } });
    logger.info({ password: 'canary', user: { email: 'canary' }, err: Object.assign(new Error('refused'), { detail: 'canary', parameters: ['canary'] }) }, 'failed');
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('canary');
  });
});
