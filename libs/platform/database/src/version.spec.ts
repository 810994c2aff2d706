import { describe, expect, it } from '@jest/globals';
import { isOlder, rollcallVersion } from './version.js';

describe('versions', () => {
  it('reads its own from package.json', () => {
    expect(rollcallVersion).toMatch(/^\d+\.\d+\.\d+/);
  });

  it.each([
    ['0.1.0', '0.2.0', true],
    ['0.9.0', '0.10.0', true],
    ['1.0.0', '0.10.0', false],
    ['1.0.0', '1.0.0', false],
    ['1.0.0', '1.0.1-beta.2', true],
  ])('%s is older than %s: %s', (version, than, older) => {
    expect(isOlder(version, than)).toBe(older);
  });
});
