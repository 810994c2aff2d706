import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { fromBase62, toBase62 } from './base62.js';
import { checksum, formatKey, keyKinds, parseKey, randomSecret } from './key-string.js';

describe('key strings', () => {
  it('name the kind and the id, and are read back', () => {
    for (const kind of keyKinds) {
      const parts = { kind, id: randomUUID(), secret: randomSecret() };
      const text = formatKey(parts);
      expect(text).toMatch(new RegExp(`^rc_${kind}_[0-9A-Za-z]{22}_[0-9A-Za-z]{49}$`));
      expect(parseKey(text, kind)).toEqual(parts);
    }
  });

  it('have a fixed form, since keys that are out must stay valid', () => {
    expect(formatKey({ kind: 'admin', id: '0197f3c2-8d5e-7a10-b3c4-5d6e7f809102', secret: 'z'.repeat(43) })).toBe(`rc_admin_030QwsCPyamNRYOFBuDGok_${'z'.repeat(43)}2i8iBE`);
  });

  it('are refused when a single character is changed, left out or added', () => {
    const text = formatKey({ kind: 'proj', id: randomUUID(), secret: randomSecret() });
    for (let place = 0; place < text.length; place += 1) {
      const other = text[place] === 'a' ? 'b' : 'a';
      expect(parseKey(text.slice(0, place) + other + text.slice(place + 1), ...keyKinds)).toBeNull();
      expect(parseKey(text.slice(0, place) + text.slice(place + 1), ...keyKinds)).toBeNull();
      expect(parseKey(`${text.slice(0, place)}${other}${text.slice(place)}`, ...keyKinds)).toBeNull();
    }
  });

  it('are refused when they are of a kind that was not asked for, or are no key at all', () => {
    expect(parseKey(formatKey({ kind: 'refresh', id: randomUUID(), secret: randomSecret() }), 'pub', 'admin')).toBeNull();
    for (const text of ['', 'rc_', 'rc_admin__', 'hunter2', `rc_admin_${'0'.repeat(22)}_short`, '__proto__', 'rc_admin_ä_ä']) expect(parseKey(text, ...keyKinds)).toBeNull();
  });

  it('are refused when the id is larger than any UUID, although the checksum is right', () => {
    const text = `rc_admin_${'z'.repeat(22)}_${randomSecret()}`;
    expect(parseKey(text + checksum(text), 'admin')).toBeNull();
  });

  it('do not repeat', () => {
    expect(new Set(Array.from({ length: 1_000 }, () => randomSecret())).size).toBe(1_000);
  });
});

describe('base62', () => {
  it('keeps every byte, leading zeros included, in a fixed width', () => {
    for (const bytes of [Buffer.alloc(16), Buffer.alloc(16, 0xff), Buffer.from([0, 0, 1, ...Buffer.alloc(13)])]) {
      expect(toBase62(bytes)).toHaveLength(22);
      expect(fromBase62(toBase62(bytes), 16)).toEqual(bytes);
    }
    expect(fromBase62('-'.repeat(22), 16)).toBeNull();
    expect(fromBase62('0'.repeat(21), 16)).toBeNull();
  });
});
