import { describe, expect, it } from '@jest/globals';
import { createLogger } from './index.js';

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
});
