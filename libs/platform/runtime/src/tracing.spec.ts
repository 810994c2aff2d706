import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readConfig } from '#libs/platform/config';
import { platformErrors } from '#libs/platform/errors';
import { createLogger } from '#libs/platform/logging';
import { eventually, TestTraceCollector } from '#libs/platform/testing';
import { carriedTrace, currentSpan, currentTrace, isTracing, startSpan, startTracing, traced, tracedTogether, tracingConfig, type Tracing } from '#libs/platform/tracing';

const callers = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const kept = `00-${callers.traceId}-${callers.spanId}-01`;
const configured = (environment: Record<string, string>) => readConfig([tracingConfig], environment).values.get(tracingConfig.token) as never;

let collector: TestTraceCollector;
let tracing: Tracing | undefined;
let reports: [string, object][];

const begin = async (more: Record<string, string> = {}) => {
  const own: typeof reports = (reports = []);
  tracing = await startTracing(configured({ OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`, ...more }), 'rollcall-spec', (...report) => own.push(report));
};

beforeEach(async () => {
  collector = await TestTraceCollector.start();
});
afterEach(async () => {
  await tracing?.stop();
  tracing = undefined;
  await collector.stop();
});

describe('without a collector', () => {
  it('nothing is traced, and work is done all the same', async () => {
    expect(await startTracing(configured({}), 'rollcall-spec', () => undefined)).toBeUndefined();
    expect(isTracing()).toBe(false);
    expect(await traced({ name: 'work', kind: 'internal', begins: true }, async (span) => [span.traceparent, carriedTrace({ traceparent: kept }), currentTrace()])).toEqual([undefined, undefined, undefined]);
    expect(await tracedTogether('group', [currentSpan()], async () => 'done')).toBe('done');
  });

  it('says so, when there are headers for one', () => {
    expect(readConfig([tracingConfig], { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20x' }).warnings).toHaveLength(1);
  });
});

describe('configuration', () => {
  it('takes what OpenTelemetry takes, and names what is wrong', () => {
    expect(configured({ OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20a=b, x=1'.replace('a=b', 'a%3Db'), OTEL_TRACES_SAMPLER_ARG: '0.25' })).toMatchObject({ OTEL_EXPORTER_OTLP_HEADERS: { authorization: 'Bearer a=b', x: '1' }, OTEL_TRACES_SAMPLER_ARG: 0.25 });
    for (const [variable, value] of [['OTEL_TRACES_SAMPLER_ARG', '2'], ['OTEL_TRACES_SAMPLER_ARG', 'half'], ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4317'], ['OTEL_EXPORTER_OTLP_HEADERS', 'Bearer x'], ['OTEL_RESOURCE_ATTRIBUTES', 'a=%zz']] as const) {
      expect(() => readConfig([tracingConfig], { [variable]: value })).toThrow(`${variable} is wrong`);
    }
  });
});

describe('spans', () => {
  it('go on with the trace of a caller, and are sent when the process stops', async () => {
    await begin({ OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20key', OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=spec', OTEL_TRACES_SAMPLER_ARG: '0' });
    await traced({ name: 'request', kind: 'server', from: kept, attributes: { 'http.route': '/v1/users' } }, async () => {
      await traced({ name: 'users.get', kind: 'client' }, async () => undefined);
      expect(currentTrace()?.traceId).toBe(callers.traceId);
    });
    await tracing?.stop();
    expect(collector.requests[0]).toMatchObject({ url: '/v1/traces', headers: { authorization: 'Bearer key', 'content-type': 'application/json' } });
    const [statement, request] = collector.of(callers.traceId);
    expect(request).toMatchObject({ name: 'request', parentSpanId: callers.spanId, service: 'rollcall-spec', kind: 2, attributes: { 'http.route': '/v1/users' }, failed: false });
    expect(statement).toMatchObject({ name: 'users.get', parentSpanId: request?.spanId });
    expect(tracing?.figures()).toEqual({ made: 2, sent: 2, lost: 0 });
    expect(isTracing()).toBe(false);
  });

  it('begin a trace as often as they are told to, and hand on that nothing is kept of the others', async () => {
    await begin({ OTEL_TRACES_SAMPLER_ARG: '0.5' });
    let traces = 0;
    for (let each = 0; each < 400; each += 1) {
      await traced({ name: 'root', kind: 'server', begins: true }, async (root) => {
        const carried = carriedTrace({});
        if (root.ids !== undefined) traces += 1;
        expect(carried).toMatch(root.ids === undefined ? /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/ : /-01$/);
        await traced({ name: 'child', kind: 'internal' }, async (child) => expect(child.ids?.traceId).toBe(root.ids?.traceId));
        await traced({ name: 'elsewhere', kind: 'server', from: carried }, async (there) => expect(there.ids === undefined).toBe(root.ids === undefined));
      });
    }
    expect(traces).toBeGreaterThan(100);
    expect(traces).toBeLessThan(300);
    await tracing?.stop();
    expect(collector.spans).toHaveLength(traces * 3);
  });

  it('are none where there is no trace to be part of, nor after the one at hand has ended', async () => {
    await begin();
    expect(startSpan({ name: 'poll', kind: 'client' }).traceparent).toBeUndefined();
    let later: Promise<void> | undefined;
    let goOn = (): void => undefined;
    await traced({ name: 'request', kind: 'server', begins: true }, async () => {
      later = new Promise<void>((resolve) => (goOn = resolve)).then(() => traced({ name: 'loop', kind: 'client' }, async () => expect(currentTrace()).toBeUndefined()));
    });
    goOn();
    await later;
    await tracing?.stop();
    expect(collector.spans.map(({ name }) => name)).toEqual(['request']);
  });

  it.each(['', 'x', `00-${'0'.repeat(32)}-${callers.spanId}-01`, `00-${callers.traceId}-${'0'.repeat(16)}-01`, `ff-${callers.traceId}-${callers.spanId}-01`, `${kept}-more`, kept.toUpperCase()])('do not go on with a malformed traceparent: %s', async (from) => {
    await begin();
    expect(startSpan({ name: 'request', kind: 'server', from, begins: true }).ids?.traceId).toMatch(/^(?!0af7651916cd43dd8448eb211c80319c)[0-9a-f]{32}$/);
  });

  it('say the code of what went wrong, never the words; a refusal is no failure', async () => {
    await begin();
    const canary = 'ada@example.com';
    const failing = [Object.assign(new Error(canary), { code: '23505', detail: canary }), new TypeError(canary), platformErrors.failure('service-unavailable', canary), platformErrors.failure('invalid-request', canary), canary];
    for (const error of failing) {
      await expect(traced({ name: 'work', kind: 'internal', begins: true }, () => Promise.reject(error as Error))).rejects.toBe(error);
    }
    await tracing?.stop();
    expect(collector.spans.map(({ attributes, failed }) => [attributes['error.type'], failed])).toEqual([['23505', true], ['TypeError', true], ['service-unavailable', true], ['invalid-request', false], ['unknown', true]]);
    expect(collector.bodies.join()).not.toContain('ada@');
  });

  it('of work that is done for several at once belong to the first that is kept, and name the others', async () => {
    await begin();
    const [left, first, second] = [`00-${'1'.repeat(32)}-${callers.spanId}-00`, kept, `00-${'2'.repeat(32)}-${callers.spanId}-01`].map((from) => startSpan({ name: 'asks', kind: 'server', from }));
    await tracedTogether('group', [undefined, left, first, second, first], () => traced({ name: 'write', kind: 'client' }, async () => undefined));
    for (const span of [left, first, second]) span?.end();
    await tracing?.stop();
    const group = collector.spans.find(({ name }) => name === 'group');
    expect(group).toMatchObject({ traceId: callers.traceId, parentSpanId: first?.ids?.spanId, attributes: { 'rollcall.group.size': 5 } });
    expect(group?.links.map(({ spanId }) => spanId)).toContain(second?.ids?.spanId);
    expect(collector.of('2'.repeat(32))[0]?.links).toMatchObject([{ traceId: callers.traceId, spanId: group?.spanId }]);
    expect(collector.spans.find(({ name }) => name === 'write')).toMatchObject({ parentSpanId: group?.spanId });
  });
});

describe('log lines', () => {
  it('name the trace that they are written in, where there is one', async () => {
    const lines: Record<string, unknown>[] = [];
    const logger = createLogger({ level: 'info', format: 'json', service: 'spec', alongside: currentTrace, destination: { write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) } });
    logger.info({}, 'before');
    await begin();
    const ids = await traced({ name: 'request', kind: 'server', begins: true }, async (span) => {
      await new Promise((resolve) => setImmediate(resolve));
      logger.info({ requestId: 'r' }, 'within');
      logger.info({}, 'again');
      return span.ids;
    });
    expect(lines.map(({ msg, requestId, traceId, spanId }) => [msg, requestId, traceId, spanId])).toEqual([['before', undefined, undefined, undefined], ['within', 'r', ids?.traceId, ids?.spanId], ['again', undefined, ids?.traceId, ids?.spanId]]);
  });
});

describe('a collector that', () => {
  const make = async (spans: number) => {
    for (let each = 0; each < spans; each += 1) startSpan({ name: 'work', kind: 'internal', begins: true }).end();
  };

  it('never answers holds nothing up: what waits is bounded, the rest is left out', async () => {
    collector.status = undefined;
    await begin();
    await make(20_000);
    await eventually(() => expect(collector.requests.length).toBeGreaterThan(0));
    expect(tracing?.figures()).toMatchObject({ made: 20_000, sent: 0 });
    await tracing?.stop();
    tracing = undefined;
    expect(collector.requests.length).toBeLessThan(20_000 / 512);
  });

  it('refuses is told of once, and once more when it takes spans again', async () => {
    collector.status = 400;
    await begin();
    for (const fails of [1, 2]) {
      await make(512);
      await eventually(() => expect(tracing?.figures().lost).toBe(fails * 512));
    }
    collector.status = 200;
    await make(512);
    await eventually(() => expect(tracing?.figures().sent).toBe(512));
    expect(reports).toEqual([['away', { code: '400', lost: 512 }], ['back', { lost: 1_024 }]]);
  });

  it('is not there leaves everything as it is, also when the process stops', async () => {
    await begin();
    await collector.stop();
    expect(await traced({ name: 'work', kind: 'internal', begins: true }, async () => 'done')).toBe('done');
    await tracing?.stop();
    expect(tracing?.figures()).toMatchObject({ made: 1, sent: 0 });
    collector = await TestTraceCollector.start();
  });
});
