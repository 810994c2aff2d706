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
});
