import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identifyProcess, isSameProcessRunning } from './process-identity.mjs';

/**
 * Runs `work` while no other process does in the same folder; waits for one that does, and takes over from one that was
 * killed. The same protocol as the claim on a data folder: numbered files that appear whole, of which the highest counts
 * and is replaced but never removed, so that two can't both take over from a dead one.
 *
 * @template T
 * @param {string} folder @param {() => void} onWait called once, when there is somebody to wait for @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withCheckoutLock(folder, onWait, work) {
  mkdirSync(folder, { recursive: true });
  const mine = { id: randomUUID(), ...identifyProcess(process.pid) };
  const draft = join(folder, `draft-${mine.id}`);
  const write = (claim) => writeFileSync(draft, JSON.stringify(claim));
  write(mine);
  try {
    const file = await takeTurn(folder, draft, onWait);
    try {
      return await work();
    } finally {
      rmSync(draft, { force: true }); // it is the same file as the claim by now
      write({ ...mine, released: true });
      renameSync(draft, file);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

async function takeTurn(folder, draft, onWait) {
  for (let told = false; ; ) {
    const highest = highestNumber(folder);
    const holder = highest === 0 ? undefined : readClaim(join(folder, String(highest)));
    if (holder !== undefined && !holder.released && isSameProcessRunning(holder)) {
      if (!told) onWait();
      told = true;
      await sleep(100);
      continue;
    }
    const file = join(folder, String(highest + 1));
    try {
      linkSync(draft, file);
    } catch (error) {
      if (error.code === 'EEXIST') continue;
      throw error;
    }
    if (highestNumber(folder) !== highest + 1) {
      rmSync(file, { force: true });
      continue;
    }
    for (const name of readdirSync(folder)) if (/^\d+$/.test(name) && Number(name) <= highest) rmSync(join(folder, name), { force: true });
    return file;
  }
}

function highestNumber(folder) {
  return readdirSync(folder).reduce((highest, name) => (/^\d+$/.test(name) ? Math.max(highest, Number(name)) : highest), 0);
}

function readClaim(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // removed meanwhile, or left empty by a power cut
  }
}
