// npm run test:faults -- [--topology=all-in-one] [--short] [pattern …]
import './node-version.mjs';

const { runOrExplain } = await import('./startup-error.mjs');

await runOrExplain(async () => {
  const { mkdtempSync, readFileSync, rmSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const { join } = await import('node:path');
  const { prepare } = await import('./prepare.mjs');
  const { provision } = await import('./provision.mjs');
  const { jest } = await import('./test-steps.mjs');
  const { readFaultArguments } = await import('./test-arguments.mjs');

  const { topology, faults, forJest } = readFaultArguments(process.argv.slice(2));
  await prepare({ dev: true });
  for (const name of ['nats', 'redis']) await provision(name);
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-faults-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const report = join(folder, 'seen.txt');
  const env = { ROLLCALL_TOPOLOGY: topology, ROLLCALL_FAULTS: faults, ROLLCALL_FAULTS_REPORT: report };
  // One run of jest, so that all share a platform; a part of an hour, which patterns make shorter.
  const { passed, failed, skipped } = await jest(`Faults: ${topology}`, ['--config', 'apps/e2e/jest.config.mjs', '--verbose', ...forJest], { limitMinutes: 60, env, mayBeEmpty: false });
  console.log(`\nWhat was seen:\n${read(report)}\n${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exitCode = failed === 0 ? 0 : 1;

  function read(file) {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return 'nothing\n'; // no spec came so far
    }
  }
});
