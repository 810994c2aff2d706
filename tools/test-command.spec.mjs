import { describe, expect, it } from '@jest/globals';
import { readFaultArguments, readTestArguments } from './test-arguments.mjs';
import { countJest, sum } from './test-steps.mjs';

const report = (more = {}) => ({ numPassedTests: 5, numFailedTests: 0, numRuntimeErrorTestSuites: 0, numPendingTests: 2, numTodoTests: 1, ...more });

describe('what npm test counts', () => {
  it('adds up tests, and counts skipped and planned ones as skipped', () => {
    expect(countJest(report(), true)).toEqual({ passed: 5, failed: 0, skipped: 3 });
    expect(sum([countJest(report(), true), { passed: 1, failed: 0, skipped: 0 }])).toEqual({ passed: 6, failed: 0, skipped: 3 });
  });

  it('counts a file that can not be loaded as a failure', () => {
    expect(countJest(report({ numRuntimeErrorTestSuites: 1 }), false)).toMatchObject({ failed: 1 });
  });

  it('counts a run that ends badly as a failure though no test failed, or it never reported', () => {
    expect(countJest(report(), false)).toMatchObject({ passed: 5, failed: 1 });
    expect(countJest(undefined, false)).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(countJest(undefined, true)).toMatchObject({ failed: 1 });
  });
});

describe('the arguments of npm test', () => {
  it('are everything when there are none, or options of jest alone', () => {
    expect([...readTestArguments([]).parts]).toEqual(['lint', 'types', 'unit', 'e2e']);
    expect(readTestArguments(['--verbose'])).toEqual({ parts: new Set(['lint', 'types', 'unit', 'e2e']), forJest: ['--verbose'], named: false });
  });

  it('are the tests alone when a pattern names some', () => {
    expect(readTestArguments(['sessions', '-t', 'ends'])).toEqual({ parts: new Set(['unit', 'e2e']), forJest: ['sessions', '-t', 'ends'], named: true });
  });

  it('are the named parts', () => {
    expect([...readTestArguments(['--only=lint,types']).parts]).toEqual(['lint', 'types']);
    expect(readTestArguments(['--only=e2e', 'erasure'])).toEqual({ parts: new Set(['e2e']), forJest: ['erasure'], named: true });
    expect(() => readTestArguments(['--only=bench'])).toThrow('--only=bench is unknown: it takes lint, types, unit, e2e.');
  });
});

describe('the arguments of npm run test:faults', () => {
  it('are all faults of the services topology when there are none, and those that a pattern names', () => {
    expect(readFaultArguments([])).toEqual({ topology: 'services', faults: 'whole', forJest: ['\\.faults\\.'] });
    expect(readFaultArguments(['relay', '--bail'])).toEqual({ topology: 'services', faults: 'whole', forJest: ['--bail', 'relay[^/]*\\.faults\\.'] });
    expect(readFaultArguments(['--topology=all-in-one'])).toEqual({ topology: 'all-in-one', faults: 'whole', forJest: ['\\.faults\\.'] });
    expect(readFaultArguments(['--short', 'feed'])).toEqual({ topology: 'services', faults: 'tried', forJest: ['feed[^/]*\\.faults\\.'] });
    expect(() => readFaultArguments(['--topology=two'])).toThrow('--topology=two is unknown: it takes services, all-in-one.');
  });
});
