// The console's own build step. As a program: node tools/build-console.mjs
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { consoleLog, root } from './checkout.mjs';
import { runCommand } from './run-command.mjs';
import { StartupError } from './startup-error.mjs';

const source = join(root, 'apps', 'console');
const output = join(root, 'dist', 'console');
const stampFile = join(root, 'dist', '.prepare', 'console.json');
const toBeCompressed = /\.(css|html|js|json|svg)$/;
/** What decides what comes out besides the console's own files: its libraries and what builds it, by their versions. */
const libraries = ['vite', 'react', 'react-dom', '@mantine/core', '@mantine/hooks', '@tanstack/react-router', '@tanstack/react-query', '@tanstack/react-virtual'];

/** Whether dist/console is what the sources say: names, sizes and times first, and the contents where they differ. */
export function isConsoleBuilt() {
  if (!existsSync(source)) return true; // a checkout without it has nothing to build
  const stamp = readStamp();
  if (stamp === undefined || !existsSync(join(output, 'index.html'))) return false;
  const files = listSources();
  const quick = quickFingerprint(files);
  if (stamp.quick === quick) return true;
  if (stamp.content !== contentFingerprint(files)) return false;
  try {
    writeFileSync(stampFile, JSON.stringify({ ...stamp, quick }));
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error;
  }
  return true;
}

/** Builds the console into dist/console, each file also as gzip and brotli. @throws StartupError when it doesn't build */
export async function buildConsole({ log = consoleLog } = {}) {
  const started = performance.now();
  const files = listSources();
  const stamp = { quick: quickFingerprint(files), content: contentFingerprint(files) };
  rmSync(stampFile, { force: true });
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const result = await runCommand(process.execPath, [vite, 'build', source, '--config', join(source, 'vite.config.mjs'), '--logLevel', 'warn'], { limitMs: 5 * 60_000 });
  if (!result.ok || !existsSync(join(output, 'index.html'))) {
    console.error(result.output.trim());
    throw new StartupError(`The console could not be built (${result.trouble ?? 'nothing came of it'}): mend what is said above and start again.`);
  }
  await compress(join(output, 'assets'));
  mkdirSync(join(root, 'dist', '.prepare'), { recursive: true });
  writeFileSync(stampFile, JSON.stringify(stamp));
  log.info(`Built the console in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}

/** Once, here, so that the gateway has nothing to compress. */
async function compress(folder) {
  const names = readdirSync(folder).filter((name) => toBeCompressed.test(name));
  await Promise.all(
    names.map(async (name) => {
      const bytes = readFileSync(join(folder, name));
      const [br, gz] = await Promise.all([
        promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
        promisify(gzip)(bytes, { level: 9 }),
      ]);
      writeFileSync(join(folder, `${name}.br`), br);
      writeFileSync(join(folder, `${name}.gz`), gz);
    }),
  );
}

function listSources() {
  return walk('apps/console').sort();
}

function walk(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? (entry.name === 'node_modules' ? [] : walk(path)) : [path];
  });
}

function quickFingerprint(files) {
  const hash = createHash('sha256').update(builder());
  for (const file of files) {
    const { mtimeMs, size } = statSync(join(root, file));
    hash.update(`${file}\0${mtimeMs}\0${size}\n`);
  }
  return hash.digest('hex');
}

function contentFingerprint(files) {
  const hash = createHash('sha256').update(builder());
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

function builder() {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return libraries.map((name) => `${name}@${dependencies[name]}`).join('\n');
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    return undefined;
  }
}

if (process.argv[1] === import.meta.filename) {
  const { runOrExplain } = await import('./startup-error.mjs');
  await runOrExplain(() => buildConsole());
}
