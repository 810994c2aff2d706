// Hashes passwords on a thread of its own (see hashing-pool.ts). Plain JavaScript, because Node.js loads it by itself in
// the specs too, where nothing compiles it.
import { createCipheriv, createHash, pbkdf2Sync, scryptSync, timingSafeEqual } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { hashSync, verifySync } from '@node-rs/argon2';
import { verifySync as verifyBcrypt } from '@node-rs/bcrypt';

/** More than any hash that is taken in needs (see imported-hash.ts). */
const scryptMemory = 320 * 1024 * 1024;

/** @param {{ password: string, options: object } | { passwords: string[], verification: object }} job make a hash; or compare */
function work({ password, options, passwords, verification }) {
  return verification === undefined ? hashSync(password, options) : passwords.some((one) => fits(one, verification));
}

/** @param {string} password @param {any} stored a `Verification` of stored-hash.ts */
function fits(password, stored) {
  switch (stored.kind) {
    case 'argon2':
      return verifySync(stored.hash, password);
    case 'bcrypt':
      return verifyBcrypt(password, stored.hash);
    case 'scrypt':
      return isEqual(scryptSync(password, stored.salt, stored.expected.length, { N: stored.n, r: stored.r, p: stored.p, maxmem: scryptMemory }), stored.expected);
    case 'firebase-scrypt': {
      const key = scryptSync(password, stored.salt, 32, { N: stored.n, r: stored.r, p: 1, maxmem: scryptMemory });
      const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
      return isEqual(Buffer.concat([cipher.update(stored.signerKey), cipher.final()]), stored.expected);
    }
    case 'pbkdf2':
      return isEqual(pbkdf2Sync(password, stored.salt, stored.iterations, stored.expected.length, stored.digest), stored.expected);
    case 'digest-in-argon2': {
      const digest = createHash(stored.digest);
      if (stored.saltFirst) digest.update(stored.salt).update(password);
      else digest.update(password).update(stored.salt);
      return verifySync(stored.hash, digest.digest('hex'));
    }
    default:
      throw new Error('there is no such kind of hash');
  }
}

function isEqual(one, other) {
  return one.length === other.length && timingSafeEqual(one, other);
}

/** @param {{ job: any, deadlineAt: number }} task milliseconds since the epoch after which nobody waits for it */
function outcomeOf({ job, deadlineAt }) {
  if (deadlineAt <= Date.now()) return { late: true };
  try {
    return { result: work(job) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.on('message', (share) => parentPort?.postMessage(share.map(outcomeOf)));
