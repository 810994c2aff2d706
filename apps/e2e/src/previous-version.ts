import { execFileSync } from 'node:child_process';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { checkoutFolder } from '#libs/platform/testing';

interface Package {
  dependencies: Record<string, string>;
}

/** The version that an upgrade begins at: `upgrade-from.json`, or any commit or tag in ROLLCALL_UPGRADE_FROM. */
export async function previousCommit(): Promise<string> {
  const { commit } = JSON.parse(await readFile(join(checkoutFolder, 'apps/e2e/src/upgrade-from.json'), 'utf8')) as { commit: string };
  return process.env['ROLLCALL_UPGRADE_FROM'] ?? commit;
}

/**
 * Builds a version of before, out of the history of this checkout.
 *
 * @param folder where to; it must not be there
 * @throws Error where this is no clone with its history
 */
export async function buildPrevious(commit: string, folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o755 });
  const run = (command: string, parameters: readonly string[], options: { cwd: string; input?: Buffer }) => execFileSync(command, parameters, { ...options, stdio: ['pipe', 'pipe', 'inherit'], maxBuffer: 1 << 30 });
  const archive = run('git', ['archive', '--format=tar', commit], { cwd: checkoutFolder });
  run('tar', ['--extract', '--file=-'], { cwd: folder, input: archive });
  if (await sameDependencies(folder)) await symlink(join(checkoutFolder, 'node_modules'), join(folder, 'node_modules'));
  else run('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund'], { cwd: folder });
  run(process.execPath, [join(folder, 'node_modules/@swc/cli/bin/swc.js'), 'apps', 'libs', '-d', 'dist', '--ignore', '**/*.spec.ts', '-q'], { cwd: folder });
}

/** Whether all that the version of before depends on is here, in the same versions. */
async function sameDependencies(folder: string): Promise<boolean> {
  const [before, now] = await Promise.all([folder, checkoutFolder].map(async (one) => (JSON.parse(await readFile(join(one, 'package.json'), 'utf8')) as Package).dependencies));
  return Object.entries(before!).every(([name, version]) => now![name] === version);
}
