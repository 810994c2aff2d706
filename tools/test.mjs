// npm test
import './node-version.mjs';

const { availableParallelism, loadavg } = await import('node:os');
const { setTimeout: sleep } = await import('node:timers/promises');
const { runOrExplain } = await import('./startup-error.mjs');

/** Runnable and waiting processes for each core, on average over a minute: at the first the third lane is put off, below the second, where cores have time to spare, it starts nevertheless. */
const [busyLoadOfACore, calmLoadOfACore] = [4.5, 1.5];

await runOrExplain(async () => {
  const { prepare } = await import('./prepare.mjs');
  const { provision } = await import('./provision.mjs');
  const { readTestArguments } = await import('./test-arguments.mjs');
  const { jest, lint, sum, types } = await import('./test-steps.mjs');

  const { parts, forJest, named } = readTestArguments(process.argv.slice(2));
  await prepare({ dev: true });
  // Before anything runs: a missing server is to be said at once, not after ten minutes.
  if (parts.has('unit') || parts.has('e2e')) for (const name of ['nats', 'redis', ...(parts.has('e2e') ? ['chromium'] : [])]) await provision(name);

  const fewer = parts.has('e2e') && !forJest.some((text) => /^(--maxWorkers|-w|--runInBand|-i)\b/.test(text)) ? ['--maxWorkers=2'] : [];
  const unit = () => jest('Unit and integration tests', [...fewer, ...forJest], { limitMinutes: 40, mayBeEmpty: named, show: !parts.has('e2e') });
  const e2e = (topology, show) => () => jest(`End-to-end tests: ${topology}`, ['--config', 'apps/e2e/jest.config.mjs', ...forJest], { limitMinutes: 40, env: { ROLLCALL_TOPOLOGY: topology }, mayBeEmpty: named, show });
  // Beside each other, in lanes that are about as long: a spec waits for answers most of its time, and one kind after the other left a third of the processors' time unused.
  const others = [
    [parts.has('e2e') && e2e('services', true)],
    [parts.has('types') && types, parts.has('e2e') && e2e('all-in-one', false)],
  ].map(runInTurn);
  // Where there is more to do than the cores can, what waits for an answer gives it up: then two lanes are as fast as three, and no spec is cut off.
  const whenThereIsRoom = async () => {
    const load = () => loadavg()[0] / availableParallelism();
    if (load() >= busyLoadOfACore) {
      console.log(`The load is ${load().toFixed(1)} a core: unit and integration specs wait until it is below ${calmLoadOfACore}, or end-to-end specs of one topology have ended.`);
      let ended = false;
      const end = Promise.race(others).then(() => (ended = true));
      while (!ended && load() >= calmLoadOfACore) await Promise.race([end, sleep(5_000, undefined, { ref: false })]);
    }
    return sum([]);
  };
  const counts = await Promise.all([...others, runInTurn([parts.has('lint') && lint, parts.has('unit') && parts.has('e2e') && whenThereIsRoom, parts.has('unit') && unit])]);
  const { passed, failed, skipped } = sum(counts.flat());
  console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exit(failed === 0 ? 0 : 1);
});

/** @param {(false | (() => Promise<object>))[]} steps */
async function runInTurn(steps) {
  const counts = [];
  for (const step of steps) if (step !== false) counts.push(await step());
  return counts;
}
