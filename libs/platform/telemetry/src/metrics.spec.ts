import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { isOperator, Metrics } from './index.js';

const pool = () => {
  const metrics = new Metrics();
  return { metrics, waiting: metrics.gauge('waiting', 'Who waits', ['database']) };
};

describe('metrics', () => {
  it('are told in the text format, each with what it means', async () => {
    const metrics = new Metrics();
    metrics.counter('tries_total', 'Tries', ['outcome']).inc({ outcome: 'ok' });
    metrics.durations('answer_seconds', 'Answers', ['route']).observe({ route: '/v1/users' }, 0.02);
    const text = await metrics.text();
    expect(text).toContain('# HELP tries_total Tries\n# TYPE tries_total counter\ntries_total{outcome="ok"} 1');
    expect(text).toContain('answer_seconds_bucket{le="0.01",route="/v1/users"} 0');
    expect(text).toContain('answer_seconds_bucket{le="0.025",route="/v1/users"} 1');
  });

  it('of one name are one, whoever asks for it', async () => {
    const metrics = new Metrics();
    for (let each = 0; each < 2; each += 1) metrics.counter('tries_total', 'Tries').inc();
    expect(await metrics.text()).toContain('tries_total 2');
  });

  it('are read anew each time that somebody asks', async () => {
    const { metrics, waiting } = pool();
    let length = 0;
    metrics.readWhenAsked({ read: () => waiting.set({ database: 'identity' }, (length += 1)) });
    await metrics.text();
    expect(await metrics.text()).toContain('waiting{database="identity"} 2');
  });

  it('leave out what can not be told at the moment, rather than to repeat what was', async () => {
    const { metrics, waiting } = pool();
    const sources = { identity: true, profiles: true };
    for (const database of ['identity', 'profiles'] as const) {
      const read = async () => {
        if (!sources[database]) throw new Error('out of reach');
        waiting.set({ database }, 3);
      };
      metrics.readWhenAsked({ read, forget: () => waiting.remove({ database }) });
    }
    expect(await metrics.text()).toContain('waiting{database="identity"} 3');
    sources.identity = false;
    const text = await metrics.text();
    expect(text).not.toContain('database="identity"');
    expect(text).toContain('waiting{database="profiles"} 3');
  });

  it('tell of the process itself where that is asked for', async () => {
    const metrics = new Metrics();
    expect(await metrics.text()).not.toContain('process_cpu_seconds_total');
    metrics.watchProcess();
    metrics.watchProcess();
    expect(await metrics.text()).toContain('process_cpu_seconds_total');
  });

  it('tell how late the event loop is', async () => {
    const metrics = new Metrics();
    metrics.watchProcess();
    const lag = async () => Number(/^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(await metrics.text())?.[1]);
    expect(await lag()).toBe(0);
    // Two looks make a figure; timers come before the second turn.
    const heldUp = async () => {
      for (let look = 0; look < 2; look += 1) {
        for (const until = performance.now() + 200; performance.now() < until; );
        await nextTurn();
        await nextTurn();
      }
      return lag();
    };
    expect(await heldUp()).toBeGreaterThan(0.05);
  });
});

describe('an operator', () => {
  const token = 'a-token-of-the-operator';
  const from = (address: string, headers: Record<string, string> = {}) => isOperator({ address, headers }, token);

  it('is whoever asks on this host, but not through a proxy on it', () => {
    expect(['127.0.0.1', '::1', '::ffff:127.0.0.1'].map((address) => from(address))).toEqual([true, true, true]);
    expect(from('10.0.0.7')).toBe(false);
    expect(from('127.0.0.1', { 'x-forwarded-for': '10.0.0.7' })).toBe(false);
    expect(from('127.0.0.1', { forwarded: 'for=10.0.0.7' })).toBe(false);
  });

  it('is who has the token, the whole of it, where there is one', () => {
    expect(from('10.0.0.7', { authorization: `Bearer ${token}` })).toBe(true);
    expect(from('127.0.0.1', { 'x-forwarded-for': '10.0.0.7', authorization: `bearer ${token}` })).toBe(true);
    for (const wrong of [`Bearer ${token}x`, `Bearer ${token.slice(1)}`, token, `Basic ${token}`, 'Bearer ']) expect(from('10.0.0.7', { authorization: wrong })).toBe(false);
    expect(isOperator({ address: '10.0.0.7', headers: { authorization: 'Bearer ' } }, '')).toBe(false);
    expect(isOperator({ address: '10.0.0.7', headers: { authorization: 'Bearer undefined' } }, undefined)).toBe(false);
  });
});
