import { createCipheriv, createHash, pbkdf2Sync, randomBytes, scryptSync } from 'node:crypto';
import { hashSync as argon2, type Algorithm } from '@node-rs/argon2';
import { hashSync as bcrypt } from '@node-rs/bcrypt';
import type { identity } from '#libs/contracts';

/** Parameters of a Firebase project, as in the sample of its documentation. */
export const firebase: identity.FirebaseParameters = { signerKey: 'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==', saltSeparator: 'Bw==', rounds: 8, memCost: 14 };

const argon2i = 1 as Algorithm.Argon2i;
const argon2id = 2 as Algorithm.Argon2id;
const cheap = { memoryCost: 256, timeCost: 2, parallelism: 1 };
const b64 = (bytes: Buffer) => bytes.toString('base64');
const bare = (bytes: Buffer) => b64(bytes).replaceAll('=', '');

function ofBcrypt(version: '2a' | '2b' | '2y') {
  return (password: string): identity.ImportedHash => bcrypt(password, 4).replace(/^\$2b/, `$${version}`);
}

function ofPbkdf2(digest: 'sha1' | 'sha256' | 'sha512') {
  return (password: string): identity.ImportedHash => {
    const salt = randomBytes(16);
    return { algorithm: `pbkdf2-${digest}`, iterations: 1_000, salt: b64(salt), hash: b64(pbkdf2Sync(password, salt, 1_000, 32, digest)), encoding: 'base64' };
  };
}

function ofDigest(algorithm: 'sha256' | 'sha512', order: 'salt-first' | 'password-first') {
  return (password: string): identity.ImportedHash => {
    const salt = randomBytes(8);
    const parts = order === 'salt-first' ? [salt, Buffer.from(password)] : [Buffer.from(password), salt];
    return { algorithm, order, salt: salt.toString('hex'), hash: createHash(algorithm).update(Buffer.concat(parts)).digest('hex'), encoding: 'hex' };
  };
}

/** Every format that can be imported, and how others make hashes of it. */
export const foreignHashes: Readonly<Record<string, (password: string) => identity.ImportedHash>> = {
  argon2i: (password) => argon2(password, { ...cheap, algorithm: argon2i }),
  argon2id: (password) => argon2(password, { ...cheap, algorithm: argon2id }),
  'bcrypt 2a': ofBcrypt('2a'),
  'bcrypt 2b': ofBcrypt('2b'),
  'bcrypt 2y': ofBcrypt('2y'),
  'scrypt (PHC)': (password) => {
    const salt = randomBytes(16);
    return `$scrypt$ln=10,r=8,p=1$${bare(salt)}$${bare(scryptSync(password, salt, 32, { N: 1_024, r: 8, p: 1 }))}`;
  },
  'scrypt (parts)': (password) => {
    const salt = randomBytes(16);
    return { algorithm: 'scrypt', n: 1_024, r: 8, p: 1, salt: b64(salt), hash: b64(scryptSync(password, salt, 64, { N: 1_024, r: 8, p: 1 })), encoding: 'base64' };
  },
  'scrypt (Firebase)': (password) => {
    const salt = randomBytes(12);
    const key = scryptSync(password, Buffer.concat([salt, Buffer.from(firebase.saltSeparator, 'base64')]), 32, { N: 2 ** firebase.memCost, r: firebase.rounds, p: 1 });
    const hash = createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.from(firebase.signerKey, 'base64'));
    return { algorithm: 'firebase-scrypt', salt: b64(salt), hash: b64(hash), encoding: 'base64' };
  },
  'PBKDF2-SHA1': ofPbkdf2('sha1'),
  'PBKDF2-SHA256': ofPbkdf2('sha256'),
  'PBKDF2-SHA512': ofPbkdf2('sha512'),
  'salted SHA-256': ofDigest('sha256', 'salt-first'),
  'salted SHA-512': ofDigest('sha512', 'password-first'),
};
