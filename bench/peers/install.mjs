import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../tools/run-command.mjs';

const folder = join(import.meta.dirname, '..');

/** Installs the peers, which are no dependencies of Rollcall, where they are not there yet. @returns why it could not; undefined when they are there */
export async function installPeers() {
  const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);
  const wanted = read(join(folder, 'package-lock.json'));
  const there = read(join(folder, 'node_modules', '.package-lock.json'));
  const missing = Object.entries(wanted.packages['']?.dependencies ?? {}).filter(([name, version]) => there?.packages[`node_modules/${name}`]?.version !== version);
  if (missing.length === 0) return undefined;
  console.log('Installing the peers (bench/package-lock.json) …');
  const result = await runCommand('npm', ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund'], { limitMs: 10 * 60_000 });
  return result.ok ? undefined : `npm ci ended with ${result.trouble}: ${result.output.trim().split('\n').slice(-3).join(' ')}`;
}
