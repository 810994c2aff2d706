import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** This Rollcall's version, from the package.json above us (the depth differs between source and dist). */
export const rollcallVersion: string = readVersion(dirname(fileURLToPath(import.meta.url)));

function readVersion(folder: string): string {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: string; version?: string };
    if (manifest.name === 'rollcall' && manifest.version !== undefined) return manifest.version;
  } catch {
    // not in this folder
  }
  const parent = dirname(folder);
  if (parent === folder) throw new Error('package.json of rollcall was not found');
  return readVersion(parent);
}

/** Compares `major.minor.patch`. */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split('-')[0]!.split('.').map(Number)) as [number[], number[]];
  for (let part = 0; part < 3; part += 1) {
    const difference = (a[part] ?? 0) - (b[part] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
