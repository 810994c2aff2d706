import { describe, expect, it } from '@jest/globals';
import { StartupError } from '#libs/platform/errors';
import { readBootstrapArguments } from './bootstrap-arguments.js';

describe('the arguments of bootstrap', () => {
  it('name the first super_admin, or nobody, for a demo', () => {
    expect(readBootstrapArguments(['--email', 'ada@example.org']).email).toBe('ada@example.org');
    expect(readBootstrapArguments(['--email=ada@example.org']).email).toBe('ada@example.org');
    expect(readBootstrapArguments([]).email).toBeUndefined();
  });

  it.each([[['--email']], [['--emial', 'ada@example.org']], [['ada@example.org']], [['--email', 'ada@example.org', 'eve@example.org']], [['--help']]])('are refused as %j, and no demo is made of a slip', (parameters) => {
    expect(() => readBootstrapArguments(parameters)).toThrow(StartupError);
  });
});
