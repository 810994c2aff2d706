// npm test
import './node-version.mjs';

const { runOrExplain } = await import('./startup-error.mjs');

await runOrExplain(async () => {
  const { prepare } = await import('./prepare.mjs');
  const { provision } = await import('./provision.mjs');
  const { readTestArguments } = await import('./test-arguments.mjs');
  const { jest, lint, sum, types } = await import('./test-steps.mjs');

  const { parts, forJest, named } = readTestArguments(process.argv.slice(2));
  await prepare({ dev: true });
  // Before anything runs: a missing server is to be said at once, not after ten minutes.
  if (parts.has('unit') || parts.has('e2e')) for (const name of ['nats', 'redis', ...(parts.has('e2e') ? ['chromium'] : [])]) await provision(name);

  const counts = await Promise.all([parts.has('lint') && lint(), parts.has('types') && types()].filter(Boolean));
  if (parts.has('unit')) counts.push(await jest('Unit and integration tests', forJest, { limitMinutes: 20, mayBeEmpty: named }));
  if (parts.has('e2e')) {
    // Both at once: each spec waits for answers most of its time.
    const topologies = ['all-in-one', 'services'].map((topology, place) =>
      jest(`End-to-end tests: ${topology}`, ['--config', 'apps/e2e/jest.config.mjs', ...forJest], { limitMinutes: 20, env: { ROLLCALL_TOPOLOGY: topology }, mayBeEmpty: named, show: place === 0 }),
    );
    counts.push(...(await Promise.all(topologies)));
  }
  const { passed, failed, skipped } = sum(counts);
  console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exit(failed === 0 ? 0 : 1);
});
