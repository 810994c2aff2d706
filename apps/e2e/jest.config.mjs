// Black-box specs against a running Rollcall. ROLLCALL_TOPOLOGY chooses which: all-in-one (default) or services.
// ROLLCALL_FAULTS chooses how the faults come: short (default), tried (short too, with those that `npm test` leaves out) or whole, as `npm run test:faults` has them.
const allInOne = (process.env.ROLLCALL_TOPOLOGY ?? 'all-in-one') === 'all-in-one';
// Faults that cost much and whose short form shows over the bus, where there is more to break, what it would show without: in `npm test` only there.
const costly = '/(crash|outage|poison)\\.faults\\.';
// The longest: there is no room for them below ten minutes. What they break is broken in parts by other specs, and wholly by `npm run test:faults`.
const longest = '/(erasure|imports)\\.faults\\.';
// What a client of the gateway does, whose way from there on other specs go in both topologies: in `npm test` in one of them, so that both take about as long.
const clients = allInOne ? '/admin\\.matrix\\.' : '/(console\\.journeys|command-line|reference\\.examples)\\.';
const all = ['tried', 'whole'].includes(process.env.ROLLCALL_FAULTS);

export default {
  rootDir: '../..',
  roots: ['<rootDir>/apps/e2e'],
  testMatch: ['**/*.e2e-spec.ts'],
  // Faults of what there is between services, those that are not for every run, and guides over the bus: whether their lines are right does not depend on it.
  testPathIgnorePatterns: ['/node_modules/', ...(allInOne ? ['\\.services\\.(whole\\.)?faults\\.'] : ['\\.guides?\\.']), ...(all ? [] : [clients, longest, '\\.whole\\.faults\\.', ...(allInOne ? [costly] : [])])],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': '@swc/jest' },
  runtime: '<rootDir>/tools/jest-worker/native-packages.runtime.mjs',
  // Also hands the run's platform to the specs, which the global set-up left on globalThis: so the fault suite can kill its parts.
  testEnvironment: '<rootDir>/tools/jest-worker/worker-realm.environment.mjs',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  setupFilesAfterEnv: ['<rootDir>/tools/jest-worker/clean-up.mjs'],
  testSequencer: '<rootDir>/apps/e2e/faults-last.sequencer.mjs',
  globalSetup: '<rootDir>/apps/e2e/global-setup.mjs',
  globalTeardown: '<rootDir>/apps/e2e/global-teardown.mjs',
  testTimeout: 120_000,
  // One platform serves all specs, in the process of the global set-up; two cores leave no room for more than one spec beside it.
  maxWorkers: 1,
};
