import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { findProgram } from './find-program.mjs';
import { runCommand } from './run-command.mjs';

const policyFile = '/usr/sbin/policy-rc.d';
const policy = '#!/bin/sh\n# Put here by Rollcall for the moment of an installation, so that it starts no system service. Safe to delete.\nexit 101\n';

/** Whether this process may install system packages. */
export function canInstallPackages() {
  return process.getuid?.() === 0 && findProgram('apt-get') !== undefined;
}

/**
 * Installs a Debian package for its program alone: its system service is neither started now nor at the next boot.
 *
 * @returns {Promise<string | undefined>} what went wrong, if anything
 */
export async function installPackage(name, { log }) {
  log.info(`Installing ${name} with apt-get …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...parameters) => runCommand('apt-get', ['-o', 'DPkg::Lock::Timeout=120', ...parameters], { env, limitMs: 5 * 60_000 });
  // A list that can't be fetched is no reason to give up: the package may be in another, or in the cache.
  await apt('update');
  const result = await withoutServiceStarts(() => apt('install', '-y', '--no-install-recommends', name));
  if (!result.ok) return result.output.split('\n').filter((line) => line.startsWith('E: ')).at(-1)?.slice(3) ?? result.trouble;
  await disableService(name);
  return undefined;
}

/** Debian's own way: what installs packages asks this file before it starts a service. One that is there is the machine's. */
async function withoutServiceStarts(work) {
  try {
    writeFileSync(policyFile, policy, { flag: 'wx', mode: 0o755 });
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const ours = readFileSync(policyFile, 'utf8') === policy; // or of an installation of ours that was killed
  try {
    return await work();
  } finally {
    if (ours) rmSync(policyFile, { force: true });
  }
}

async function disableService(name) {
  if (findProgram('systemctl') !== undefined) await runCommand('systemctl', ['disable', '--now', name], { limitMs: 60_000 });
  if (findProgram('update-rc.d') !== undefined) await runCommand('update-rc.d', [name, 'disable'], { limitMs: 60_000 });
}
