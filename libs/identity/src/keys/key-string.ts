import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { base62Length, fromBase62, toBase62 } from './base62.js';

/**
 * The text of every key that Rollcall hands out: `rc_<kind>_<id>_<secret><checksum>`.
 *
 * - `id` is the UUID of what it opens, in base62, so that it is found by primary key;
 * - `secret` is base62 of random bytes;
 * - the checksum is the CRC32 of everything before it, in six characters of base62. It lets secret scanners tell a key
 *   from a look-alike, and refuses a mistyped one without a look-up. It protects nothing: the secret does.
 */
export interface KeyString<Kind extends KeyKind = KeyKind> {
  kind: Kind;
  /** UUID in its usual lower-case text. */
  id: string;
  /** The part between the id and the checksum. */
  secret: string;
}

/**
 * - `pub`, `sec`: key and secret of an engagement key
 * - `admin`: API key of an organisation or of the deployment; `proj`: of a project
 * - `client`: secret of API client credentials
 * - `refresh`: refresh token of a session
 * - `reset`, `email`: tokens in mails, to set a password and to confirm an address
 */
export const keyKinds = ['pub', 'sec', 'admin', 'proj', 'client', 'refresh', 'reset', 'email'] as const;
export type KeyKind = (typeof keyKinds)[number];

const checksumLength = base62Length(4);
const idLength = base62Length(16);
const pattern = new RegExp(`^rc_(${keyKinds.join('|')})_([0-9A-Za-z]{${idLength}})_([0-9A-Za-z]{22,86})([0-9A-Za-z]{${checksumLength}})$`);

export function checksum(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return toBase62(bytes);
}

/** `bytes` bytes from the CSPRNG as text. 32 (256 bits) unless something else limits what the text opens. */
export function randomSecret(bytes = 32): string {
  return toBase62(randomBytes(bytes));
}

export function formatKey({ kind, id, secret }: KeyString): string {
  const text = keyPrefix(kind, id) + secret;
  return text + checksum(text);
}

/** All of a key that is no secret: what tells it from others in a list. */
export function keyPrefix(kind: KeyKind, id: string): string {
  return `rc_${kind}_${toBase62(Buffer.from(id.replaceAll('-', ''), 'hex'))}_`;
}

/** The parts of a key; null for anything that is not one of the given kinds with a right checksum. */
export function parseKey<const Kind extends KeyKind>(text: string, ...kinds: readonly Kind[]): KeyString<Kind> | null {
  const [, kind, idText, secret, check] = pattern.exec(text) ?? [];
  if (kind === undefined || idText === undefined || secret === undefined) return null;
  if (!(kinds as readonly string[]).includes(kind) || checksum(text.slice(0, -checksumLength)) !== check) return null;
  const id = fromBase62(idText, 16)?.toString('hex');
  if (id === undefined) return null;
  return { kind: kind as Kind, id: id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'), secret };
}
