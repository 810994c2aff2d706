import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { readCursor, signCursor } from './signed-cursor.js';

describe('a signed cursor', () => {
  const key = randomBytes(32);
  const place = Buffer.from('0000000000000007', 'hex');
  const cursor = signCursor(key, place, 'users of a realm');

  it('gives back its place to who asks the same question, and is the same each time', () => {
    expect(readCursor(key, cursor, 'users of a realm', place.length)).toEqual(place);
    expect(signCursor(key, place, 'users of a realm')).toBe(cursor);
  });

  it('is the one that earlier versions made, which clients may still hold', () => {
    expect(signCursor(Buffer.alloc(32, 7), place, '{"realmId":"r"}')).toBe('mW02JvKPR1F950K5AAAAAAAAAAc');
  });

  it('says nothing to another question or key, where a place is longer or shorter, or when a bit of it was changed', () => {
    expect(readCursor(key, cursor, 'users of another', place.length)).toBeNull();
    expect(readCursor(randomBytes(32), cursor, 'users of a realm', place.length)).toBeNull();
    for (const length of [place.length - 1, place.length + 1]) expect(readCursor(key, cursor, 'users of a realm', length)).toBeNull();
    const bytes = Buffer.from(cursor, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(readCursor(key, changed.toString('base64url'), 'users of a realm', place.length)).toBeNull();
    }
  });

  it.each(['', '!', 'x', `${cursor}AAAA`, `${cursor}=`, ` ${cursor}`])('is not the text %j', (text) => {
    expect(readCursor(key, text, 'users of a realm', place.length)).toBeNull();
  });
});
