import js from '@eslint/js';
import nxDevkit from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';
import { dependencyConstraints } from './tools/lint/dependency-constraints.mjs';
import { rollcallPlugin } from './tools/lint/plugin.mjs';

// The boundaries rule reads Nx's stored project graph, and is silently skipped where there is none; a stored one may be
// of yesterday. `nx run … lint` has just made it.
if (process.env.NX_TASK_TARGET_PROJECT === undefined) await nxDevkit.createProjectGraphAsync();

const unused = { args: 'after-used', argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'all', ignoreRestSiblings: true };
const typescript = ['**/*.ts', '**/*.tsx', '**/*.mts'];
const specs = ['**/*.spec.ts', '**/*.e2e-spec.ts', '**/spec-support/**', 'libs/platform/testing/**', 'apps/e2e/**', '**/*.spec.mjs'];

const noForwardRef = { selector: "Identifier[name='forwardRef']", message: 'A cycle between providers: split what both need from one of them.' };
const fewDependencies = { selector: "MethodDefinition[kind='constructor'] > FunctionExpression[params.length>6]", message: 'More than six dependencies: split the class by use case.' };
const noIndirectEnv = { selector: "MemberExpression[property.name='env'] > MemberExpression[property.name='process']", message: 'Read the environment where it may be read, and plainly.' };
const noProcessEnv = { object: 'process', property: 'env', message: 'The environment is read once, by libs/platform/config: declare a variable with defineConfig.' };
const noProcessModule = { name: 'node:process', message: 'Use the global process, so that reading its environment is noticed.' };
const noTestingRoom = { name: '#libs/platform/testing', message: 'For specs only.' };
const noNodeInClient = { regex: '^node:', message: 'The client runs in browsers and edge runtimes too.' };
const noNodeInContracts = { regex: '^node:', message: 'Contracts are data: they run anywhere, a browser included.' };

// The rules that need types are in .oxlintrc.json.
export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.nx/', '.rollcall/', 'coverage/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    languageOptions: {
      ecmaVersion: 2024,
      sourceType: 'module',
      globals: Object.fromEntries(Object.getOwnPropertyNames(globalThis).map((name) => [name, 'readonly'])),
    },
    plugins: { '@nx': nx, rollcall: rollcallPlugin },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-syntax': ['error', noForwardRef, noIndirectEnv, fewDependencies],
      'no-unused-vars': ['error', unused],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'], location: 'start' }],
      'object-shorthand': 'error',
      'prefer-const': 'error',
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'rollcall/disable-reason': 'error',
      'rollcall/one-index': 'error',
      'rollcall/import-paths': [
        'error',
        {
          closedRooms: [{ inside: 'libs/gateway/src/surfaces', wiring: ['libs/gateway/src/gateway.module.ts', 'libs/gateway/src/gateway.target.ts'] }],
          exits: [
            // The end-to-end specs and the benches run what was built; the testing room starts its servers with the same scripts as `npm run start:services`.
            { from: 'apps/e2e', to: 'dist/libs/platform/testing' },
            { from: 'bench', to: 'dist' },
            { from: 'bench', to: 'tools' },
            { from: 'tools', to: 'dist' },
            { from: 'libs/platform/testing', to: 'tools' },
          ],
        },
      ],
      '@nx/enforce-module-boundaries': [
        'error',
        {
          depConstraints: dependencyConstraints,
          banTransitiveDependencies: true,
          checkDynamicDependenciesExceptions: ['.*'], // nothing here is loaded lazily to save bytes
          allow: ['../dist/**', '../../dist/**', '../tools/*', '../../tools/*', '../../../../tools/*'], // import-paths says from where
        },
      ],
    },
  },
  // The peers of a bench are in its own package.json, which Nx does not read.
  { files: ['bench/peers/*-server.mjs'], rules: { '@nx/enforce-module-boundaries': 'off' } },
  {
    files: typescript,
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { emitDecoratorMetadata: true, experimentalDecorators: true } },
    rules: {
      'no-undef': 'off', // the compiler's task
      'rollcall/injected-values': 'error',
      '@typescript-eslint/no-unused-vars': ['error', unused],
      // Says nothing in files with decorators, where an import may be needed as a value for injection: the decorator options above tell it so.
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
    },
  },
  {
    files: ['apps/**', 'libs/**'],
    rules: {
      'no-console': 'error', // the logger knows the format, the level and the request id
      'no-restricted-imports': ['error', { paths: [noProcessModule, noTestingRoom] }],
      'no-restricted-properties': ['error', noProcessEnv],
    },
  },
  { files: ['libs/contracts/**'], rules: { 'no-restricted-imports': ['error', { paths: [noProcessModule, noTestingRoom], patterns: [noNodeInContracts] }] } },
  { files: ['libs/client/**'], rules: { 'no-restricted-imports': ['error', { paths: [noProcessModule, noTestingRoom], patterns: [noNodeInClient] }] } },
  { files: specs, rules: { 'no-restricted-imports': ['error', { paths: [noProcessModule] }] } },
  {
    // Where the environment enters: the mains hand it to the configuration; tests hand it on to the processes they start.
    files: ['libs/platform/config/**', 'libs/platform/runtime/src/main.ts', 'libs/platform/runtime/src/run-once.ts', 'libs/platform/testing/**', 'libs/**/spec-support/**', 'apps/e2e/**'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    // Fixtures, and lists that are data.
    files: ['**/*.spec.ts', '**/*.spec.mjs', '**/*.e2e-spec.ts', '**/*.data.ts'],
    rules: { 'max-lines': 'off' },
  },
);
