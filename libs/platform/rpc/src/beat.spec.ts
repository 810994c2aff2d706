import { expect, it } from '@jest/globals';
import { untilBeat } from './beat.js';

it('waits for the clock to show a multiple of the period, whoever waits since when', () => {
  expect([1_000_000, 1_000_001, 1_000_500, 1_000_899].map((now) => now + untilBeat(1_000, now))).toEqual(Array(4).fill(1_001_000));
});

it('passes over the one that a timer was a little too early for', () => {
  expect(999_999 + untilBeat(1_000, 999_999)).toBe(1_001_000);
});
