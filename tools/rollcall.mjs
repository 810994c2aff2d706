#!/usr/bin/env node
// npm run rollcall -- COMMAND: the commands of a checkout, built first where that is needed.
import './node-version.mjs';

const { runOrExplain } = await import('./startup-error.mjs');

await runOrExplain(async () => {
  const { prepare } = await import('./prepare.mjs');
  // What a command answers stands alone on its standard output.
  await prepare({ log: { info: (message) => void process.stderr.write(`${message}\n`) } });
  await import('../dist/apps/cli/src/main.js');
});
