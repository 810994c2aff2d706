import { createHmac, timingSafeEqual } from 'node:crypto';

const tagBytes = 12;

/**
 * A cursor: the place in a list where a page ended, with a tag (HMAC-SHA256, cut to 96 bits) that ties it to what was asked.
 * Whoever has it can read the place; nobody can make one, or use one for another question.
 * @param place of a fixed length for each kind of list
 * @param question whatever has to be the same on every page
 * @returns base64url
 */
export function signCursor(key: Buffer, place: Buffer, question: string): string {
  return Buffer.concat([tagOf(key, place, question), place]).toString('base64url');
}

/**
 * The place of a cursor; null when it was signed with another key or for another question, or was changed.
 * @param placeBytes how long a place of this kind of list is
 */
export function readCursor(key: Buffer, cursor: string, question: string, placeBytes: number): Buffer | null {
  const bytes = Buffer.from(cursor, 'base64url');
  // Other texts decode to the same bytes; only the one that was handed out is ours.
  if (bytes.length !== tagBytes + placeBytes || bytes.toString('base64url') !== cursor) return null;
  const place = bytes.subarray(tagBytes);
  return timingSafeEqual(bytes.subarray(0, tagBytes), tagOf(key, place, question)) ? place : null;
}

function tagOf(key: Buffer, place: Buffer, question: string): Buffer {
  return createHmac('sha256', key).update(place).update(question).digest().subarray(0, tagBytes);
}
