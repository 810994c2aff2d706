import { describe, expect, it } from '@jest/globals';
import { dateText } from './date-text.js';

describe('dates in requests', () => {
  it.each([
    ['2021-01-12T05:24:39.062+00:00', '2021-01-12T05:24:39.062Z'],
    ['2021-01-12T05:24:39Z', '2021-01-12T05:24:39.000Z'],
    ['2021-01-12T05:24:39.0629999+02:00', '2021-01-12T03:24:39.062Z'],
    ['2021-01-12T05:24:39-0130', '2021-01-12T06:54:39.000Z'],
    ['2021-01-12 05:24', '2021-01-12T05:24:00.000Z'],
    ['2021-01-12', '2021-01-12T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ])('%s is %s', (text, iso) => {
    expect(dateText.parse(text)).toBe(iso);
  });

  it.each(['12', 'yesterday', 'foo 3', '2026-02-30', '2023-02-29', '2021-13-01', '2021-01-12T25:00:00Z', '0000-01-01', '', '2021-01-12T05', '2021-1-2'])('%s is refused', (text) => {
    expect(dateText.safeParse(text).success).toBe(false);
  });

  it.each(['0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59-12:00'])('%s is refused: it is of another year than messages and Postgres take', (text) => {
    expect(dateText.safeParse(text).error?.issues.map(({ message }) => message)).toEqual(['must be a time in the years 1 to 9999']);
  });

  it.each(['0001-01-01T14:00:00+14:00', '9999-12-31T11:59:59-12:00'])('%s is not', (text) => {
    expect(dateText.safeParse(text).success).toBe(true);
  });
});
