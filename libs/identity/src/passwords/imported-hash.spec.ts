import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { identity } from '#libs/contracts';
import { isFailure } from '#libs/platform/errors';
import { takeHash } from './imported-hash.js';
import { verificationOf } from './stored-hash.js';

describe('a hash that is taken in', () => {
  const sealingKey = randomBytes(32);
  const firebase: identity.FirebaseParameters = { signerKey: randomBytes(64).toString('base64'), saltSeparator: 'Bw==', rounds: 8, memCost: 14 };
  const take = (hash: identity.ImportedHash, parameters: identity.FirebaseParameters | null = firebase) => takeHash(hash, parameters, sealingKey);
  const refusal = (hash: identity.ImportedHash, parameters?: identity.FirebaseParameters | null) => {
    try {
      take(hash, parameters);
      return 'taken';
    } catch (error) {
      return isFailure(error, 'hash-refused') ? error.value.message : String(error);
    }
  };
  const bare = (bytes: number) => randomBytes(bytes).toString('base64').replaceAll('=', '');
  const [salt, hash] = [bare(16), bare(32)];
  const parts = { salt, hash, encoding: 'base64' as const };

  it.each<[string, identity.ImportedHash, RegExp]>([
    ['bcrypt of cost 31', `$2b$31$${'.'.repeat(53)}`, /cost of bcrypt/],
    ['bcrypt of cost 3', `$2b$03$${'.'.repeat(53)}`, /cost of bcrypt/],
    ['bcrypt 2x, which is broken', `$2x$10$${'.'.repeat(53)}`, /not known/],
    ['scrypt with N = 2^30', { algorithm: 'scrypt', n: 2 ** 30, r: 8, p: 1, ...parts }, /too costly/],
    ['scrypt with N = 2^30, as text', `$scrypt$ln=30,r=8,p=1$${salt}$${hash}`, /too costly/],
    ['scrypt with N = 2^999, as text', `$scrypt$ln=999,r=8,p=1$${salt}$${hash}`, /too costly|not possible/],
    ['scrypt with an endless p', `$scrypt$ln=10,r=8,p=999999$${salt}$${hash}`, /too costly/],
    ['scrypt with N that is no power of two', { algorithm: 'scrypt', n: 1_000, r: 8, p: 1, ...parts }, /power of two/],
    ['scrypt with N = 0', { algorithm: 'scrypt', n: 0, r: 8, p: 1, ...parts }, /power of two/],
    ['scrypt of Firebase with an endless mem_cost', { algorithm: 'firebase-scrypt', ...parts, hash: bare(64) }, /too costly/],
    ['PBKDF2 of a billion iterations', `$pbkdf2-sha256$i=1000000000$${salt}$${hash}`, /2000000 iterations/],
    ['PBKDF2 of many blocks', { algorithm: 'pbkdf2-sha1', iterations: 1_500_000, ...parts }, /2000000 iterations/],
    ['PBKDF2 of no iterations', { algorithm: 'pbkdf2-sha256', iterations: 0, ...parts }, /one iteration/],
    ['PBKDF2 of a negative number of iterations', { algorithm: 'pbkdf2-sha256', iterations: -5, ...parts }, /one iteration/],
    ['a hash of a byte', { algorithm: 'pbkdf2-sha256', iterations: 1_000, ...parts, hash: 'AA' }, /16 to 128 bytes/],
    ['argon2 with 4 GiB', `$argon2id$v=19$m=4194304,t=1,p=1$${salt}$${hash}`, /too costly/],
    ['argon2 with many passes', `$argon2id$v=19$m=65536,t=1000,p=1$${salt}$${hash}`, /too costly/],
    ['argon2 with more lanes than memory', `$argon2id$v=19$m=8,t=1,p=4$${salt}$${hash}`, /not possible/],
    ['argon2d', `$argon2d$v=19$m=65536,t=2,p=1$${salt}$${hash}`, /not known/],
    ['argon2 of the old version', `$argon2id$v=16$m=65536,t=2,p=1$${salt}$${hash}`, /not known/],
    ['a digest of the wrong length', { algorithm: 'sha512', order: 'salt-first', ...parts }, /64 bytes/],
    ['an empty salt', { algorithm: 'sha256', order: 'salt-first', ...parts, salt: '' }, /base64/],
    ['what is no base64', { algorithm: 'sha256', order: 'salt-first', ...parts, hash: 'not base64!' }, /base64/],
    ['what is no hex', { algorithm: 'sha256', order: 'salt-first', ...parts, encoding: 'hex' }, /hex/],
    ['our own wrapping', `$sha256-in-argon2id$o=salt-first$${salt}$argon2id$v=19$m=1024,t=1,p=1$${salt}$${hash}`, /not known/],
    ['one hash after another', `$2b$10$${'.'.repeat(53)}\n$2b$10$${'.'.repeat(53)}`, /not known/],
  ])('%s is refused', (_what, given, reason) => {
    expect(refusal(given, { ...firebase, memCost: 30 })).toMatch(reason);
  });

  it('of Firebase is refused without the parameters of its project, or when it is not as long as the signer key', () => {
    expect(refusal({ algorithm: 'firebase-scrypt', ...parts, hash: bare(64) }, null)).toMatch(/takes the parameters/);
    expect(refusal({ algorithm: 'firebase-scrypt', ...parts, hash: bare(63) })).toMatch(/as long as the signer key/);
    expect(refusal({ algorithm: 'firebase-scrypt', ...parts, hash: bare(64) })).toBe('taken');
  });

  it.each([
    ['passlib', `$pbkdf2-sha256$29000$${salt.replaceAll('+', '.')}$${hash.replaceAll('+', '.')}`, 'pbkdf2'],
    ['passlib’s PBKDF2-SHA1', `$pbkdf2$29000$${salt}$${hash}`, 'pbkdf2'],
    ['Django', `pbkdf2_sha256$260000$saltText$${hash}=`, 'pbkdf2'],
    ['Django’s argon2', `argon2$argon2id$v=19$m=102400,t=2,p=8$${salt}$${hash}`, 'argon2'],
    ['Django’s bcrypt', `bcrypt$$2b$12$${'a'.repeat(53)}`, 'bcrypt'],
    ['a PHC string with a length', `$pbkdf2-sha512$i=1000,l=32$${salt}$${hash}`, 'pbkdf2'],
  ])('is known as %s writes it', (_who, text, kind) => {
    const taken = take(text);
    expect(verificationOf((taken as { stored: string }).stored, sealingKey).kind).toBe(kind);
  });

  it('has its signer key opened by the master key of the deployment alone, and in its place', () => {
    const { stored } = take({ algorithm: 'firebase-scrypt', ...parts, hash: bare(64) }) as { stored: string };
    expect(verificationOf(stored, sealingKey)).toMatchObject({ kind: 'firebase-scrypt', n: 2 ** 14, r: 8, signerKey: Buffer.from(firebase.signerKey, 'base64') });
    expect(() => verificationOf(stored, randomBytes(32))).toThrow('another master key');
    expect(() => verificationOf(stored.replace(salt, bare(16)), sealingKey)).toThrow('another master key');
  });
});
