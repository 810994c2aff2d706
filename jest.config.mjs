import { availableParallelism } from 'node:os';

// Unit and integration specs beside the code. The end-to-end specs have their own configuration in apps/e2e.
export default {
  rootDir: '.',
  roots: ['<rootDir>/libs', '<rootDir>/tools'],
  testMatch: ['**/*.spec.ts', '**/*.spec.mjs'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': '@swc/jest' },
  runtime: '<rootDir>/tools/jest-worker/native-packages.runtime.mjs',
  testEnvironment: '<rootDir>/tools/jest-worker/worker-realm.environment.mjs',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  setupFilesAfterEnv: ['<rootDir>/tools/jest-worker/clean-up.mjs'],
  globalSetup: '<rootDir>/tools/unit-set-up.mjs',
  globalTeardown: '<rootDir>/tools/unit-tear-down.mjs',
  // What waits for processes and other specs at once takes its time on a busy machine, and is none the worse for it.
  testTimeout: 120_000,
  // More than there are cores, of which jest would leave one out (and it takes a percentage above 100 as a plain number): specs wait for Postgres and for processes. Three on two cores took 195 s, two 235 to 257.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
};
