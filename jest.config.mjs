// Unit and integration specs beside the code. The end-to-end specs have their own configuration in apps/e2e.
export default {
  rootDir: '.',
  roots: ['<rootDir>/libs', '<rootDir>/tools'],
  testMatch: ['**/*.spec.ts', '**/*.spec.mjs'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': '@swc/jest' },
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  globalSetup: '<rootDir>/tools/unit-set-up.mjs',
  globalTeardown: '<rootDir>/tools/unit-tear-down.mjs',
  // Every core: jest leaves one out by itself, which is half of a machine with two.
  maxWorkers: '100%',
};
