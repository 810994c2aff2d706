// Hashes passwords on a thread of its own (see hashing-pool.ts). Plain JavaScript, because Node.js loads it by itself in
// the specs too, where nothing compiles it.
import { parentPort } from 'node:worker_threads';
import { hashSync, verifySync } from '@node-rs/argon2';

/** @param {{ password: string, options?: object, hash?: string }} job with a hash: compare; without: make one */
function work({ password, options, hash }) {
  return hash === undefined ? hashSync(password, options) : verifySync(hash, password);
}

parentPort?.on('message', (job) => {
  try {
    parentPort?.postMessage({ result: work(job) });
  } catch (error) {
    parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) });
  }
});
