import { identity } from '#libs/contracts';
import { firebaseText, pbkdf2Text, scryptText, type Pbkdf2Digest, type PlainDigest } from './stored-hash.js';

/** What is to be stored: as it stands, or once the digest has been hashed with argon2id. */
export type TakenHash = { stored: string } | { digest: PlainDigest; saltFirst: boolean; salt: Buffer; hex: string };

/** A check of a password must not cost more than about a second of a core, or memory that others need. */
const limits = { argon2MemoryKib: 262_144, argon2Work: 1_048_576, argon2Passes: 64, lanes: 16, bcryptCost: 14, scryptBytes: 256 * 1024 * 1024, scryptWork: 2 ** 21, pbkdf2Iterations: 2_000_000 };

const base64 = '([A-Za-z0-9+/._=-]+)';
const argon2 = /^(?:argon2)?(\$argon2(?:id|i)\$v=19\$m=(\d{1,9}),t=(\d{1,9}),p=(\d{1,9})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+))$/;
const bcrypt = /^(?:bcrypt\$)?(\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53})$/;
const scrypt = new RegExp(`^\\$scrypt\\$ln=(\\d{1,3}),r=(\\d{1,9}),p=(\\d{1,9})\\$${base64}\\$${base64}$`);
const pbkdf2 = new RegExp(`^\\$pbkdf2(?:-(sha1|sha256|sha512))?\\$(?:i=)?(\\d{1,12})(?:,l=\\d{1,3})?\\$${base64}\\$${base64}$`);
const django = /^pbkdf2_(sha1|sha256|sha512)\$(\d{1,12})\$([^$]{1,128})\$([A-Za-z0-9+/=]+)$/;

/**
 * Reads a hash that comes from elsewhere, and brings it into the form in which it is stored.
 * @param sealingKey hides a signer key of Firebase's
 * @throws Failure `hash-refused`, saying why: not known, malformed, or too costly to verify
 */
export function takeHash(hash: identity.ImportedHash, firebase: identity.FirebaseParameters | null, sealingKey: Buffer): TakenHash {
  if (typeof hash === 'string') return { stored: fromText(hash) };
  const bytes = (text: string) => decoded(text, hash.encoding);
  const salt = bytes(hash.salt);
  const expected = bytes(hash.hash);
  if (salt.length < 1 || salt.length > 256) throw refused('The salt must have 1 to 256 bytes.');
  switch (hash.algorithm) {
    case 'scrypt':
      checkScrypt(hash.n, hash.r, hash.p);
      checkLength(expected);
      return { stored: scryptText({ ...hash, salt, expected }) };
    case 'pbkdf2-sha1':
    case 'pbkdf2-sha256':
    case 'pbkdf2-sha512':
      return { stored: checkedPbkdf2(hash.algorithm.slice('pbkdf2-'.length) as Pbkdf2Digest, hash.iterations, salt, expected) };
    case 'firebase-scrypt': {
      if (firebase === null) throw refused('A hash of Firebase takes the parameters of its project.');
      const n = 2 ** firebase.memCost;
      checkScrypt(n, firebase.rounds, 1);
      const signerKey = decoded(firebase.signerKey, 'base64');
      if (expected.length !== signerKey.length || expected.length < 16) throw refused('The hash is not as long as the signer key.');
      return { stored: firebaseText({ n, r: firebase.rounds, salt, separator: decoded(firebase.saltSeparator, 'base64', true), signerKey, expected }, sealingKey) };
    }
    case 'sha256':
    case 'sha512': {
      const wanted = hash.algorithm === 'sha256' ? 32 : 64;
      if (expected.length !== wanted) throw refused(`The hash must have ${wanted} bytes.`);
      return { digest: hash.algorithm, saltFirst: hash.order === 'salt-first', salt, hex: expected.toString('hex') };
    }
  }
}

function fromText(text: string): string {
  const [, argon2Text, memory, passes, lanes, salt, tag] = argon2.exec(text) ?? [];
  if (argon2Text !== undefined) return checkedArgon2(argon2Text, Number(memory), Number(passes), Number(lanes), decoded(salt!, 'base64'), decoded(tag!, 'base64'));
  const [, bcryptText, cost] = bcrypt.exec(text) ?? [];
  if (bcryptText !== undefined) {
    if (Number(cost) < 4 || Number(cost) > limits.bcryptCost) throw refused(`The cost of bcrypt must be 4 to ${limits.bcryptCost}.`);
    return bcryptText;
  }
  const [, ln, r, p, scryptSalt, scryptHash] = scrypt.exec(text) ?? [];
  if (ln !== undefined) {
    const [n, expected] = [2 ** Number(ln), decoded(scryptHash!, 'base64')];
    checkScrypt(n, Number(r), Number(p));
    checkLength(expected);
    return scryptText({ n, r: Number(r), p: Number(p), salt: decoded(scryptSalt!, 'base64'), expected });
  }
  const [, digest, iterations, pbkdf2Salt, pbkdf2Hash] = pbkdf2.exec(text) ?? [];
  if (iterations !== undefined) return checkedPbkdf2((digest ?? 'sha1') as Pbkdf2Digest, Number(iterations), decoded(pbkdf2Salt!, 'base64'), decoded(pbkdf2Hash!, 'base64'));
  const [, djangoDigest, djangoIterations, djangoSalt, djangoHash] = django.exec(text) ?? [];
  if (djangoDigest !== undefined) return checkedPbkdf2(djangoDigest as Pbkdf2Digest, Number(djangoIterations), Buffer.from(djangoSalt!), decoded(djangoHash!, 'base64'));
  throw refused('The hash has a form that is not known: argon2i, argon2id, bcrypt (2a, 2b, 2y), scrypt and PBKDF2 are, or its parts with the name of the algorithm.');
}

function checkedArgon2(text: string, memory: number, passes: number, lanes: number, salt: Buffer, tag: Buffer): string {
  if (lanes < 1 || lanes > limits.lanes || memory < 8 * lanes || passes < 1) throw refused('The parameters of argon2 are not possible.');
  if (memory > limits.argon2MemoryKib || passes > limits.argon2Passes || memory * passes > limits.argon2Work) throw refused('The parameters of argon2 are too costly to verify.');
  if (salt.length < 8 || salt.length > 64) throw refused('The salt of argon2 must have 8 to 64 bytes.');
  checkLength(tag);
  return text;
}

function checkScrypt(n: number, r: number, p: number): void {
  if (n < 2 || !Number.isInteger(Math.log2(n)) || r < 1 || p < 1) throw refused('The parameters of scrypt are not possible: N is a power of two.');
  if (128 * n * r > limits.scryptBytes || n * r * p > limits.scryptWork || p > limits.lanes) throw refused('The parameters of scrypt are too costly to verify.');
}

function checkedPbkdf2(digest: Pbkdf2Digest, iterations: number, salt: Buffer, expected: Buffer): string {
  if (salt.length < 1 || salt.length > 256) throw refused('The salt must have 1 to 256 bytes.');
  checkLength(expected);
  if (iterations < 1) throw refused('PBKDF2 takes one iteration at least.');
  const blocks = Math.ceil(expected.length / { sha1: 20, sha256: 32, sha512: 64 }[digest]);
  if (iterations * blocks > limits.pbkdf2Iterations) throw refused(`PBKDF2 may take ${limits.pbkdf2Iterations} iterations at the most.`);
  return pbkdf2Text({ digest, iterations, salt, expected });
}

/** Shorter ones fit too many passwords; longer ones only cost. */
function checkLength(hash: Buffer): void {
  if (hash.length < 16 || hash.length > 128) throw refused('The hash must have 16 to 128 bytes.');
}

/** Base64 in any of its alphabets, padded or not (`.` is how passlib writes `+`); or hex. */
function decoded(text: string, encoding: 'base64' | 'hex', mayBeEmpty = false): Buffer {
  const bare = text.replace(/=+$/, '').replaceAll('.', '+').replaceAll('-', '+').replaceAll('_', '/');
  const bytes = Buffer.from(encoding === 'hex' ? text : bare, encoding);
  const again = encoding === 'hex' ? bytes.toString('hex') === text.toLowerCase() : bytes.toString('base64').replace(/=+$/, '') === bare;
  if (!again || (bytes.length === 0 && !mayBeEmpty)) throw refused(`Salt and hash must be ${encoding}.`);
  return bytes;
}

function refused(reason: string) {
  return identity.identityErrors.failure('hash-refused', reason);
}
