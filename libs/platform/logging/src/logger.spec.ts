import { describe, expect, it } from '@jest/globals';
import { BoundedLog, createLogger } from './index.js';

describe('log lines', () => {
  it('do not show what must not be seen', () => {
    const lines: string[] = [];
    const logger = createLogger({ level: 'info', format: 'json', service: 'spec', destination: { write: (line) => lines.push(line) } });
    logger.info({ password: 'canary', user: { email: 'canary' }, err: Object.assign(new Error('refused'), { detail: 'canary', parameters: ['canary'] }) }, 'failed');
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('canary');
  });

  it('say what an error came from, and what that came from', () => {
    const lines: string[] = [];
    const logger = createLogger({ level: 'info', format: 'json', service: 'spec', destination: { write: (line) => lines.push(line) } });
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED', detail: 'canary' });
    logger.warn({ err: new Error('the database is out of reach', { cause: new Error('no connection', { cause: refused }) }) }, 'failed');
    const { err } = JSON.parse(lines[0]!);
    expect(err.cause).toEqual({ type: 'Error', message: 'no connection', cause: { type: 'Error', message: 'connect ECONNREFUSED 127.0.0.1:5432', code: 'ECONNREFUSED' } });
    expect(lines[0]).not.toContain('canary');
  });

  it('about what strangers bring about are so many of each code, and then how many there were', () => {
    const lines: string[] = [];
    const bounded = new BoundedLog(createLogger({ level: 'info', format: 'json', service: 'spec', destination: { write: (line) => lines.push(line) } }), 'refused');
    for (let time = 0; time < 1_000; time += 1) bounded.note({ code: 'often', requestId: `r${time}` });
    bounded.note({ code: 'seldom' });
    bounded.sum();
    bounded.sum();
    const told = lines.map((line) => JSON.parse(line) as { code: string; count?: number });
    expect(told.map(({ code, count }) => [code, count])).toEqual([...Array(10).fill(['often', undefined]), ['seldom', undefined], ['often', 1_000]]);
    bounded.note({ code: 'often' });
    expect(lines).toHaveLength(13);
  });
});
