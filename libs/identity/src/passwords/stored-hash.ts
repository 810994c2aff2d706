import { open, seal } from '#libs/platform/keys';

/**
 * What stands in `password_hash`, by its beginning; each is read by one expression from its first character to its last, so
 * that no format ever verifies the text of another.
 *
 * - `$argon2id$…`, `$argon2i$…`: argon2 (PHC string); new ones are argon2id
 * - `$2a$…`, `$2b$…`, `$2y$…`: bcrypt
 * - `$scrypt$ln=…,r=…,p=…$salt$hash`: scrypt (PHC string)
 * - `$firebase-scrypt$ln=…,r=…$salt$separator$key$hash`: scrypt as Firebase has it; its signer key is sealed
 * - `$pbkdf2-sha256$i=…$salt$hash`, also `-sha1` and `-sha512`
 * - `$sha256-in-argon2id$o=…$salt$argon2id$…`, also `sha512-…`: argon2id of the hex text of a salted digest
 */
export type Verification =
  | { kind: 'argon2'; hash: string }
  | { kind: 'bcrypt'; hash: string }
  | { kind: 'scrypt'; n: number; r: number; p: number; salt: Uint8Array; expected: Uint8Array }
  | { kind: 'firebase-scrypt'; n: number; r: number; salt: Uint8Array; signerKey: Uint8Array; expected: Uint8Array }
  | { kind: 'pbkdf2'; digest: Pbkdf2Digest; iterations: number; salt: Uint8Array; expected: Uint8Array }
  | { kind: 'digest-in-argon2'; digest: PlainDigest; saltFirst: boolean; salt: Uint8Array; hash: string };

export type Pbkdf2Digest = 'sha1' | 'sha256' | 'sha512';
export type PlainDigest = 'sha256' | 'sha512';

const base64 = '([A-Za-z0-9+/]+)';
const argon2 = /^\$argon2(?:id|i)\$v=19\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/;
const bcrypt = /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/;
const scrypt = new RegExp(`^\\$scrypt\\$ln=(\\d+),r=(\\d+),p=(\\d+)\\$${base64}\\$${base64}$`);
const firebase = new RegExp(`^\\$firebase-scrypt\\$ln=(\\d+),r=(\\d+)\\$${base64}\\$([A-Za-z0-9+/]*)\\$${base64}\\$${base64}$`);
const pbkdf2 = new RegExp(`^\\$pbkdf2-(sha1|sha256|sha512)\\$i=(\\d+)\\$${base64}\\$${base64}$`);
const wrapped = new RegExp(`^\\$(sha256|sha512)-in-argon2id\\$o=(salt-first|password-first)\\$${base64}(\\$argon2id\\$.+)$`);

/**
 * How a password is compared with what is stored.
 * @param sealingKey opens the signer keys of Firebase's hashes
 */
export function verificationOf(stored: string, sealingKey: Buffer): Verification {
  if (argon2.test(stored)) return { kind: 'argon2', hash: stored };
  if (bcrypt.test(stored)) return { kind: 'bcrypt', hash: stored };
  return scryptOf(stored) ?? firebaseOf(stored, sealingKey) ?? pbkdf2Of(stored) ?? wrappedOf(stored) ?? unknown();
}

export function isArgon2(stored: string): boolean {
  return argon2.test(stored);
}

export function scryptText({ n, r, p, salt, expected }: { n: number; r: number; p: number; salt: Uint8Array; expected: Uint8Array }): string {
  return `$scrypt$ln=${Math.log2(n)},r=${r},p=${p}$${toBase64(salt)}$${toBase64(expected)}`;
}

export function firebaseText({ n, r, salt, separator, signerKey, expected }: { n: number; r: number; salt: Uint8Array; separator: Uint8Array; signerKey: Uint8Array; expected: Uint8Array }, sealingKey: Buffer): string {
  const sealed = seal(sealingKey, signerKey, toBase64(salt));
  return `$firebase-scrypt$ln=${Math.log2(n)},r=${r}$${toBase64(salt)}$${toBase64(separator)}$${toBase64(sealed)}$${toBase64(expected)}`;
}

export function pbkdf2Text({ digest, iterations, salt, expected }: { digest: Pbkdf2Digest; iterations: number; salt: Uint8Array; expected: Uint8Array }): string {
  return `$pbkdf2-${digest}$i=${iterations}$${toBase64(salt)}$${toBase64(expected)}`;
}

/** @param hash argon2id of the digest's hex text */
export function wrappedText({ digest, saltFirst, salt, hash }: { digest: PlainDigest; saltFirst: boolean; salt: Uint8Array; hash: string }): string {
  return `$${digest}-in-argon2id$o=${saltFirst ? 'salt-first' : 'password-first'}$${toBase64(salt)}${hash}`;
}

function scryptOf(stored: string): Verification | undefined {
  const [, ln, r, p, salt, hash] = scrypt.exec(stored) ?? [];
  if (ln === undefined) return undefined;
  return { kind: 'scrypt', n: 2 ** Number(ln), r: Number(r), p: Number(p), salt: fromBase64(salt), expected: fromBase64(hash) };
}

function firebaseOf(stored: string, sealingKey: Buffer): Verification | undefined {
  const [, ln, r, salt, separator, key, hash] = firebase.exec(stored) ?? [];
  if (salt === undefined) return undefined;
  const signerKey = open(sealingKey, fromBase64(key), salt);
  if (signerKey === null) throw new Error('the signer key of an imported hash was sealed with another master key');
  return { kind: 'firebase-scrypt', n: 2 ** Number(ln), r: Number(r), salt: Buffer.concat([fromBase64(salt), fromBase64(separator)]), signerKey, expected: fromBase64(hash) };
}

function pbkdf2Of(stored: string): Verification | undefined {
  const [, digest, iterations, salt, hash] = pbkdf2.exec(stored) ?? [];
  if (digest === undefined) return undefined;
  return { kind: 'pbkdf2', digest: digest as Pbkdf2Digest, iterations: Number(iterations), salt: fromBase64(salt), expected: fromBase64(hash) };
}

function wrappedOf(stored: string): Verification | undefined {
  const [, digest, order, salt, hash] = wrapped.exec(stored) ?? [];
  if (hash === undefined || !argon2.test(hash)) return undefined;
  return { kind: 'digest-in-argon2', digest: digest as PlainDigest, saltFirst: order === 'salt-first', salt: fromBase64(salt), hash };
}

function unknown(): never {
  throw new Error('a stored password hash has a form that is not known');
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}

function fromBase64(text: string | undefined): Buffer {
  return Buffer.from(text ?? '', 'base64');
}
