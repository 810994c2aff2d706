import { chmodSync, existsSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { FixtureCheckout } from './spec-support/fixture-checkout.mjs';

const prepare = ['--input-type=module', '-e', `import { runOrExplain } from './tools/startup-error.mjs'; import { prepare } from './tools/prepare.mjs'; await runOrExplain(() => prepare({ dev: process.env.DEV === 'true' })); console.log('prepared');`];
const files = { 'libs/a/src/index.ts': 'export const a: number = 1;\n', 'libs/b/src/index.ts': 'export const b = 2;\n', 'libs/b/src/b.spec.ts': 'throw 1;\n' };

describe('preparing a checkout', () => {
  let checkout;
  afterEach(() => checkout.remove());

  it('builds what is not built, and nothing when it is', async () => {
    checkout = new FixtureCheckout({ files });
    const first = await checkout.finish(prepare);
    expect(first.output).toMatch(/^Building …\nBuilt in [\d.]+ s\.\nprepared$/);
    expect(checkout.read('dist/libs/a/src/index.js')).toContain('export const a = 1');
    expect(existsSync(checkout.path('dist/libs/b/src/b.spec.js'))).toBe(false);
    expect((await checkout.finish(prepare)).output).toBe('prepared');
  });

  it('builds again after a source changed, was added or deleted, and removes what has no source', async () => {
    checkout = new FixtureCheckout({ files });
    await checkout.finish(prepare);
    checkout.write('libs/a/src/index.ts', 'export const a = 3;\n');
    expect((await checkout.finish(prepare)).output).toContain('Built');
    expect(checkout.read('dist/libs/a/src/index.js')).toContain('a = 3');
    checkout.write('libs/c/src/index.ts', 'export const c = 4;\n');
    expect((await checkout.finish(prepare)).output).toContain('Built');
    rmSync(checkout.path('libs/b'), { recursive: true });
    expect((await checkout.finish(prepare)).output).toContain('Built');
    expect(existsSync(checkout.path('dist/libs/b/src/index.js'))).toBe(false);
    expect(existsSync(checkout.path('dist/libs/b/src/index.js.map'))).toBe(false);
    rmSync(checkout.path('dist/libs/a/src/index.js'));
    expect((await checkout.finish(prepare)).output).toContain('Built');
    expect((await checkout.finish(prepare)).output).toBe('prepared');
  });

  it('takes new times without new contents for what they are, as after copying a folder', async () => {
    checkout = new FixtureCheckout({ files });
    await checkout.finish(prepare);
    utimesSync(checkout.path('libs/a/src/index.ts'), 1_000, 1_000);
    expect((await checkout.finish(prepare)).output).toBe('prepared');
  });

  it('shows what the compiler says and ends with one sentence when a source is wrong, at every start', async () => {
    checkout = new FixtureCheckout({ files: { ...files, 'libs/a/src/index.ts': 'export const = ;\n' } });
    for (let round = 0; round < 2; round++) {
      const run = await checkout.finish(prepare);
      expect(run.code).toBe(1);
      expect(run.output).toContain('libs/a/src/index.ts');
      expect(run.lines.at(-1)).toBe('rollcall: The build failed (exit code 1): mend what is said above and start again.');
    }
  });

  it('installs where nothing is installed, once, however many start at the same time', async () => {
    checkout = new FixtureCheckout({ installed: false, files });
    const runs = await Promise.all([1, 2, 3].map(() => checkout.finish(prepare)));
    expect(runs.map((run) => run.lines.at(-1))).toEqual(['prepared', 'prepared', 'prepared']);
    const output = runs.map((run) => run.output).join('\n');
    expect(output.match(/Installing dependencies \(first run\) …/g)).toHaveLength(1);
    expect(output.match(/Building …/g)).toHaveLength(1);
    expect(output).toContain('Another start is installing or building in this checkout; waiting for it …');
    expect(checkout.read('npm-runs.txt')).toBe('ci\n');
  });

  it('goes on where one that was killed while building has left it', async () => {
    checkout = new FixtureCheckout({ files });
    const killed = checkout.run(['--input-type=module', '-e', `import { withCheckoutLock } from './tools/checkout-lock.mjs'; await withCheckoutLock('dist/.prepare', () => {}, () => { console.log('in'); return new Promise((never) => setTimeout(never, 60_000)); });`]);
    await killed.line(/^in$/);
    const waiting = checkout.run(prepare);
    await waiting.line(/waiting for it/);
    expect(waiting.output).not.toContain('Building');
    killed.child.kill('SIGKILL');
    await waiting.line(/^prepared$/);
  });

  it('installs again when a dependency was deleted or the lock file changed', async () => {
    checkout = new FixtureCheckout({ installed: false, files });
    await checkout.finish(prepare);
    expect((await checkout.finish(prepare)).output).toBe('prepared');
    rmSync(checkout.path('node_modules/pino'));
    expect((await checkout.finish(prepare)).output).toContain('Installed');
    const lock = JSON.parse(checkout.read('package-lock.json'));
    checkout.write('package-lock.json', JSON.stringify(lock)); // other bytes, same content
    expect((await checkout.finish(prepare)).output).toBe('prepared');
    lock.packages['node_modules/pino'].version = '0.0.1';
    checkout.write('package-lock.json', JSON.stringify(lock));
    expect((await checkout.finish(prepare)).output).toContain('Installing dependencies (incomplete, or not those of package-lock.json) …');
  });

  it('installs what only the tests need when it was left out and is needed', async () => {
    checkout = new FixtureCheckout({ installed: false, files });
    await checkout.finish(prepare);
    // As npm leaves it with NODE_ENV=production.
    const record = JSON.parse(checkout.read('node_modules/.package-lock.json'));
    for (const [path, entry] of Object.entries(record.packages)) if (entry.dev) delete record.packages[path];
    writeFileSync(checkout.path('node_modules/.package-lock.json'), JSON.stringify(record));
    rmSync(checkout.path('node_modules/.rollcall-installed.json'));
    rmSync(checkout.path('node_modules/jest'));
    expect((await checkout.finish(prepare)).output).toBe('prepared');
    expect((await checkout.finish(prepare, { DEV: 'true' })).output).toContain('Installed');
    expect(checkout.read('npm-runs.txt')).toBe('ci\nci --include=dev\n');
  });

  it('shows what npm says and ends with one sentence when it fails', async () => {
    checkout = new FixtureCheckout({ installed: false, files });
    const run = await checkout.finish(prepare, { NPM_FAILS: 'true' });
    expect(run.code).toBe(1);
    expect(run.lines.slice(-2)).toEqual(['npm error the registry is out of reach', 'rollcall: The dependencies could not be installed, npm ci ended with exit code 7: mend what it says and start again.']);
  });

  it('writes nothing in a checkout that is ready', async () => {
    checkout = new FixtureCheckout({ installed: false, files });
    await checkout.finish(prepare);
    const state = () => ['dist', 'dist/.prepare', 'node_modules', 'dist/.prepare/build.json', 'node_modules/.rollcall-installed.json'].map((path) => statSync(checkout.path(path)).mtimeMs);
    const before = state();
    await checkout.finish(prepare);
    expect(state()).toEqual(before);
  });

  it('says who has to start it when it is not ready and can not be written', async () => {
    checkout = new FixtureCheckout({ files });
    chmodSync(checkout.folder, 0o555);
    // Root may write everywhere, so that it has to become somebody else.
    const script = `if (process.getuid() === 0) { process.setgid(65534); process.setuid(65534); }
      const { runOrExplain } = await import('./tools/startup-error.mjs'); const { prepare } = await import('./tools/prepare.mjs'); await runOrExplain(() => prepare());`;
    const run = await checkout.finish(['--input-type=module', '-e', script]);
    expect(run.output).toBe(`rollcall: Rollcall has to be installed and built, and ${checkout.folder} can't be written: run npm start once as a user who may write it.`);
    chmodSync(checkout.folder, 0o755);
  });
});
