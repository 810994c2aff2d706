import { existsSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const known = new Map();

/** A file's path relative to the checkout, with `/` on every system. */
export function inCheckout(file) {
  return relative(root, file).split(sep).join('/');
}

/** The folder of the Nx project that a file of the checkout belongs to; undefined when it belongs to none. */
export function projectRootOf(path) {
  const folder = posix.dirname(path);
  if (!known.has(folder)) known.set(folder, find(folder));
  return known.get(folder);
}

function find(folder) {
  if (folder === '.' || folder.startsWith('..')) return undefined;
  return isProject(folder) ? folder : find(posix.dirname(folder));
}

export function isProject(folder) {
  return existsSync(join(root, folder, 'project.json'));
}
