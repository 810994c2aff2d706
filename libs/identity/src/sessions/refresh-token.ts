import { deriveKey, open, seal } from '#libs/platform/keys';
import { formatKey, parseKey, randomSecret } from '../keys/key-string.js';
import { hashSecret, secretFits } from '../keys/secret-hash.js';

/**
 * A refresh token is a key string of kind `refresh` with the session's id, and a secret of two parts: one of the family
 * (the same in all refresh tokens of the session) and one of its own. The first tells a spent token from one that somebody
 * made up, knowing no more than a session's id, which is in every access token: a spent one ends the session, a made-up one
 * must not.
 */
export interface RefreshToken {
  sessionId: string;
  family: string;
  text: string;
}

const familyBytes = 16;
const familyLength = 22;

/** The first refresh token of a session. */
export function firstRefreshToken(sessionId: string): RefreshToken {
  return make(sessionId, randomSecret(familyBytes));
}

/** The one that follows another. */
export function nextRefreshToken({ sessionId, family }: RefreshToken): RefreshToken {
  return make(sessionId, family);
}

/** Null for what can't be a refresh token of ours. */
export function parseRefreshToken(text: string): RefreshToken | null {
  const parsed = parseKey(text, 'refresh');
  return parsed === null ? null : { sessionId: parsed.id, family: parsed.secret.slice(0, familyLength), text };
}

export function familyHash({ family }: RefreshToken): Buffer {
  return hashSecret(family);
}

export function refreshHash({ text }: RefreshToken): Buffer {
  return hashSecret(text);
}

export function isOfFamily({ family }: RefreshToken, hash: Buffer): boolean {
  return secretFits(family, hash);
}

export function isToken({ text }: RefreshToken, hash: Buffer | null): boolean {
  return secretFits(text, hash);
}

/** The child for whoever shows the parent once more: the database alone does not give it away. */
export function sealChild(parent: RefreshToken, child: RefreshToken): Buffer {
  return seal(deriveKey(parent.text, 'refresh token child'), Buffer.from(child.text), parent.sessionId);
}

export function openChild(parent: RefreshToken, box: Buffer): string | null {
  return open(deriveKey(parent.text, 'refresh token child'), box, parent.sessionId)?.toString() ?? null;
}

function make(sessionId: string, family: string): RefreshToken {
  return { sessionId, family, text: formatKey({ kind: 'refresh', id: sessionId, secret: family + randomSecret() }) };
}
