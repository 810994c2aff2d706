import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root } from './checkout.mjs';
import { runCommand } from './run-command.mjs';
import { StartupError } from './startup-error.mjs';

const modules = join(root, 'node_modules');
const stampFile = join(modules, '.rollcall-installed.json');
const platform = `${process.platform}-${process.arch}`;

/**
 * Whether node_modules holds what package-lock.json says. A few milliseconds: the hash of the lock file is kept beside
 * what was installed. Where somebody else ran npm there is no such note, and npm's own record is compared.
 *
 * @param {{ dev: boolean }} wanted `dev`: what only the tests need has to be there too
 */
export function isInstalled({ dev }) {
  if (!existsSync(modules)) return false;
  const lock = readFileSync(join(root, 'package-lock.json'));
  const hash = createHash('sha256').update(lock).digest('hex');
  let stamp = readJson(stampFile);
  if (stamp !== undefined && stamp.platform !== platform) return false; // a folder that machines share: it holds the other's binaries
  if (stamp?.lock !== hash) {
    const found = compareWithRecord(JSON.parse(lock.toString()));
    if (found === undefined) return false;
    stamp = { lock: hash, platform, dev: found.dev };
    writeStamp(stamp);
  }
  return (stamp.dev || !dev) && foldersAreThere(dev);
}

/** Installs with `npm ci`. @throws StartupError when npm fails; what it says is shown before */
export async function install({ dev, log }) {
  log.info(existsSync(modules) ? 'Installing dependencies (incomplete, or not those of package-lock.json) …' : 'Installing dependencies (first run) …');
  const started = performance.now();
  const [command, ...parameters] = npmCommand();
  const result = await runCommand(command, [...parameters, 'ci', ...(dev ? ['--include=dev'] : [])], { limitMs: 20 * 60_000 });
  if (!result.ok) {
    console.error(result.output.trim());
    throw new StartupError(`The dependencies could not be installed, npm ci ended with ${result.trouble}: mend what it says and start again.`);
  }
  const found = compareWithRecord(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
  if (found === undefined) throw new StartupError('npm ci did not install what package-lock.json lists: use the npm that comes with Node.js 20.19 or newer.');
  const lock = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
  writeStamp({ lock, platform, dev: found.dev });
  log.info(`Installed dependencies in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}

/** npm's record of what it installed, against the lock file; `undefined` when they differ in more than left out parts. */
function compareWithRecord(lock) {
  const installed = readJson(join(modules, '.package-lock.json'))?.packages;
  if (installed === undefined) return undefined;
  let dev = true;
  for (const [path, wanted] of Object.entries(lock.packages)) {
    if (path === '' || wanted.link) continue;
    const there = installed[path];
    if (there !== undefined) {
      if (there.version !== wanted.version || (there.integrity ?? wanted.integrity) !== wanted.integrity) return undefined;
    } else if (wanted.dev) {
      if (!wanted.optional) dev = false;
    } else if (!wanted.optional && !wanted.devOptional && !wanted.peer) {
      return undefined;
    }
  }
  return { dev };
}

/** Folders that somebody deleted are what no note tells. */
function foldersAreThere(dev) {
  const { dependencies, devDependencies } = readJson(join(root, 'package.json'));
  return Object.keys({ ...dependencies, ...(dev ? devDependencies : {}) }).every((name) => existsSync(join(modules, name, 'package.json')));
}

/** The npm that runs us, or the one on PATH. */
function npmCommand() {
  const running = process.env.npm_execpath;
  return running !== undefined && basename(running).startsWith('npm-cli') ? [process.execPath, running] : ['npm'];
}

function writeStamp(stamp) {
  try {
    writeFileSync(stampFile, JSON.stringify(stamp));
  } catch (error) {
    // A read-only checkout compares again at its next start.
    if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error;
  }
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
