// npm start, npm run start:services
import './node-version.mjs';

const { runOrExplain, StartupError } = await import('./startup-error.mjs');

endWithNpm();
await runOrExplain(async () => {
  if (process.argv.length > 3) throw new StartupError(`Rollcall is started without arguments (${process.argv.slice(3).join(' ')}): it is configured by environment variables, such as PORT=3001 npm start. README.md has all of them.`);
  const { prepare } = await import('./prepare.mjs');
  await prepare();
  if (process.argv[2] === 'services') await (await import('./services.mjs')).runServices();
  else await import('../dist/apps/all-in-one/src/main.js');
});

/**
 * Whoever stops `npm start` may reach npm or its shell only: some shells die of the signal and don't pass it on. So we
 * drain when our parent is gone.
 */
function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  watch.unref();
}
