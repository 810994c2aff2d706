// npm run bench [-- --list | -- name … [--option value …]]: runs the benches of this folder one after the other, each in a process of its own.
import '../tools/node-version.mjs';
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepare } from '../tools/prepare.mjs';
import { runOrExplain, StartupError } from '../tools/startup-error.mjs';

const folder = import.meta.dirname;
const endInOrder = new URL('./measure/end-in-order.mjs', import.meta.url).href;
/** The bench ends first, with what it has started. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** A bench is a file of this folder whose first line says in a comment what it measures. */
function findBenches() {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.mjs') && file !== 'run.mjs')
    .sort()
    .map((file) => ({ name: file.replace('.mjs', ''), path: join(folder, file), title: readFileSync(join(folder, file), 'utf8').split('\n')[0].replace(/^\/\/ */, '') }));
}

/**
 * @param options arguments of the bench: what follows the names, from the first that begins with --
 * @returns the exit code: 0 when the bench held its budget
 */
function run({ path }, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', endInOrder, path, ...options], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const pass = (signal) => child.kill(signal);
    for (const signal of signals) process.on(signal, pass);
    child.once('error', reject);
    child.once('exit', (code) => {
      for (const signal of signals) process.off(signal, pass);
      resolve(code ?? 1);
    });
  });
}

await runOrExplain(async () => {
  const benches = findBenches();
  const given = process.argv.slice(2);
  const firstOption = given.findIndex((argument) => argument.startsWith('--'));
  const wanted = firstOption < 0 ? given : given.slice(0, firstOption);
  const options = firstOption < 0 ? [] : given.slice(firstOption);
  if (options.includes('--list')) {
    for (const { name, title } of benches) console.log(`${name}: ${title}`);
    return;
  }
  const unknown = wanted.filter((name) => !benches.some((bench) => bench.name === name));
  if (unknown.length > 0) throw new StartupError(`There is no bench ${unknown.join(', ')}; there are ${benches.map(({ name }) => name).join(', ')}.`);
  await prepare();
  const missed = [];
  for (const bench of benches.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    console.log(`\n━━━ ${bench.name}: ${bench.title}`);
    const code = await run(bench, options);
    if (code >= 128) return void (process.exitCode = code);
    if (code !== 0) missed.push(bench.name);
  }
  if (missed.length > 0) console.log(`\nOver budget or broken: ${missed.join(', ')}`);
  process.exitCode = missed.length > 0 ? 1 : 0;
});
