import { describe, expect, it } from '@jest/globals';
import { parseTimestamp } from './timestamps.js';

describe('reading a timestamptz of a UTC session', () => {
  it.each([
    ['2026-01-12 05:24:39+00', '2026-01-12T05:24:39.000Z'],
    ['2026-01-12 05:24:39.06+00', '2026-01-12T05:24:39.060Z'],
    ['2026-01-12 05:24:39.062+00', '2026-01-12T05:24:39.062Z'],
    ['2026-01-12 05:24:39.062999+00', '2026-01-12T05:24:39.062Z'],
    ['0001-01-01 00:00:00+00', '0001-01-01T00:00:00.000Z'],
  ])('gives %s as %s', (text, iso) => {
    expect(parseTimestamp(text)).toBe(iso);
  });

  it('falls back to a full parser for a session in another zone', () => {
    expect(parseTimestamp('2026-01-12 07:24:39+02')).toBe('2026-01-12T05:24:39.000Z');
  });
});
