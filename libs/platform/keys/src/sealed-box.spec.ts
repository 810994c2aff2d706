import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { deriveKey, open, seal } from './sealed-box.js';

describe('a sealed box', () => {
  const key = deriveKey(randomBytes(32), 'a spec');
  const plain = Buffer.from('a private key');

  it('gives back what was sealed, and is another one each time', () => {
    const box = seal(key, plain, 'key 1');
    expect(open(key, box, 'key 1')).toEqual(plain);
    expect(seal(key, plain, 'key 1')).not.toEqual(box);
    expect(box.includes(plain)).toBe(false);
  });

  it('does not open with another key, for another context, or when a byte of it was changed', () => {
    const box = seal(key, plain, 'key 1');
    expect(open(deriveKey(randomBytes(32), 'a spec'), box, 'key 1')).toBeNull();
    expect(open(key, box, 'key 2')).toBeNull();
    for (let place = 0; place < box.length; place += 1) {
      const changed = Buffer.from(box);
      changed[place]! ^= 1;
      expect(open(key, changed, 'key 1')).toBeNull();
    }
    expect(open(key, box.subarray(0, 20), 'key 1')).toBeNull();
    expect(open(key, Buffer.alloc(0), 'key 1')).toBeNull();
  });

  it('has a key of its own for each purpose', () => {
    const secret = randomBytes(32);
    expect(deriveKey(secret, 'one')).toEqual(deriveKey(secret, 'one'));
    expect(deriveKey(secret, 'one')).not.toEqual(deriveKey(secret, 'two'));
  });
});
