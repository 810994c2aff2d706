import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const gibibyte = 2 ** 30;
/** A whole run has had 2.6 GiB of files at a time. */
const roomForARun = 10 * gibibyte;
/** No run goes on for so long. */
const abandonedAfterMs = 3 * 3_600_000;
const name = 'rollcall-test-';

/**
 * A new folder for all files of a test run, which whoever asked for it removes. In memory where Linux has plenty, for
 * a run makes and removes a hundred thousand files (each database has some hundred), and a disk took a quarter of the unit
 * specs' processor time for that; else, and where `TMPDIR` is set, among the temporary files.
 *
 * @param {{ memory?: string, room?: number, env?: Record<string, string | undefined> }} [options] `memory`: the file system in memory; `room`: bytes that have to be free there and in memory
 * @returns {string} its path; others may pass through it, for an embedded Postgres runs as another user and has to reach its own part of it
 */
export function makeRunFolder({ memory = '/dev/shm', room = roomForARun, env = process.env } = {}) {
  const inMemory = (env.TMPDIR ?? '') === '' && hasRoom(memory, room) ? tryToMake(memory) : undefined;
  const folder = inMemory ?? mkdtempSync(join(tmpdir(), name));
  chmodSync(folder, 0o711);
  return folder;
}

function hasRoom(memory, room) {
  try {
    const { bavail, bsize } = statfsSync(memory);
    return Math.min(bavail * bsize, process.availableMemory()) >= room;
  } catch {
    return false; // there is none
  }
}

/** @returns {string | undefined} undefined where nothing may be made or run: containers often have it without the right to run programs, as some specs do */
function tryToMake(memory) {
  let folder;
  try {
    removeAbandoned(memory);
    folder = mkdtempSync(join(memory, name));
    const program = join(folder, 'try');
    writeFileSync(program, '#!/bin/sh\nexit 0\n', { mode: 0o755 });
    if (spawnSync(program).status === 0) return folder;
  } catch {
    // as if it were not there
  }
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  return undefined;
}

/** Of runs that were killed: what they left would take memory until the machine is started anew. */
function removeAbandoned(memory) {
  for (const entry of readdirSync(memory).filter((one) => one.startsWith(name))) {
    const folder = join(memory, entry);
    if (Date.now() - statSync(folder).mtimeMs > abandonedAfterMs) rmSync(folder, { recursive: true, force: true });
  }
}
