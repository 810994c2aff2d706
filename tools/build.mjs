import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './checkout.mjs';
import { runCommand } from './run-command.mjs';
import { StartupError } from './startup-error.mjs';

const dist = join(root, 'dist');
const stampFile = join(dist, '.prepare', 'build.json');
const compiled = /\.[cm]?[jt]sx?$/;
const notBuilt = /\.spec\.[cm]?[jt]sx?$|\.d\.[cm]?ts$/;

/**
 * Whether dist is what the sources say. Names, sizes and times are compared first; where they differ (a fresh checkout
 * of the same state, a copied folder) the contents decide.
 */
export function isBuilt() {
  const stamp = readStamp();
  if (stamp === undefined) return false;
  const sources = listSources();
  if (!sources.every((source) => existsSync(join(dist, outputOf(source))))) return false;
  const quick = quickFingerprint(sources);
  if (stamp.quick === quick) return true;
  if (stamp.content !== contentFingerprint(sources)) return false;
  try {
    writeFileSync(stampFile, JSON.stringify({ ...stamp, quick }));
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error; // a read-only checkout compares contents each time
  }
  return true;
}

/** Compiles apps and libs to dist and removes what has no source any more. @throws StartupError when a source doesn't compile */
export async function build({ log }) {
  log.info('Building …');
  const started = performance.now();
  // Fingerprints from before: a file that is saved during the build is built again at the next start.
  const sources = listSources();
  const stamp = { quick: quickFingerprint(sources), content: contentFingerprint(sources) };
  rmSync(stampFile, { force: true });
  const swc = join(root, 'node_modules', '@swc', 'cli', 'bin', 'swc.js');
  const result = await runCommand(process.execPath, [swc, 'apps', 'libs', '-d', 'dist', '--ignore', '**/*.spec.ts', '-q'], { limitMs: 5 * 60_000 });
  const missing = sources.filter((source) => !existsSync(join(dist, outputOf(source))));
  if (!result.ok || missing.length > 0) {
    console.error(result.output.trim());
    throw new StartupError(`The build failed (${result.trouble ?? `nothing came of ${missing[0]}`}): mend what is said above and start again.`);
  }
  removeOrphans(sources);
  mkdirSync(join(dist, '.prepare'), { recursive: true });
  writeFileSync(stampFile, JSON.stringify(stamp));
  log.info(`Built in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}

function listSources() {
  return ['apps', 'libs'].flatMap((folder) => walk(folder)).filter((path) => compiled.test(path) && !notBuilt.test(path) && !path.startsWith('apps/console/')).sort();
}

/** Paths of all files below a folder, relative to the checkout. */
function walk(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : walk(`${folder}/${entry.name}`);
    return [`${folder}/${entry.name}`];
  });
}

function outputOf(source) {
  return source.replace(/\.([cm]?)[jt]sx?$/, '.js');
}

function quickFingerprint(sources) {
  const hash = createHash('sha256').update(compiler());
  for (const source of sources) {
    const { mtimeMs, size } = statSync(join(root, source));
    hash.update(`${source}\0${mtimeMs}\0${size}\n`);
  }
  return hash.digest('hex');
}

function contentFingerprint(sources) {
  const hash = createHash('sha256').update(compiler());
  for (const source of sources) hash.update(`${source}\0`).update(readFileSync(join(root, source)));
  return hash.digest('hex');
}

/** What else decides what comes out. */
function compiler() {
  return ['.swcrc', 'package.json', 'node_modules/@swc/core/package.json'].map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
}

function removeOrphans(sources) {
  const wanted = new Set(sources.map(outputOf));
  for (const built of ['dist/apps', 'dist/libs'].flatMap(walk)) {
    const output = built.slice('dist/'.length).replace(/\.map$/, '');
    if (output.endsWith('.js') && output.includes('/src/') && !wanted.has(output)) rmSync(join(root, built));
  }
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    return undefined;
  }
}
