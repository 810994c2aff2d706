import { describe, expect, it } from '@jest/globals';
import type { profiles } from '#libs/contracts';
import { howManyFit } from './answer-size.js';

const mebibyte = 1024 * 1024;
/** Users whose notes, as JSON, take so many bytes each. */
const users = (count: number, notes: string) => Array.from({ length: count }, (_, place) => ({ userId: String(place), notes, attributes: { plan: 'pro', seats: 3, none: null } }) as unknown as profiles.Profile);

describe('as many users go into an answer as a message holds', () => {
  it('which are all of a page of a usual size', () => {
    expect([howManyFit([]), howManyFit(users(200, 'likes tea'))]).toEqual([0, 200]);
  });

  it.each([
    ['plain text', 'x'],
    ['quotes', '"'],
    ['control characters', '\u0001'],
    ['letters of three bytes', '李'],
    ['emoji', '😀'],
  ])('measured by what their JSON takes, with %s', (_, character) => {
    const notes = character.repeat(100_000);
    const each = Buffer.byteLength(JSON.stringify(users(1, notes)[0]));
    expect(howManyFit(users(60, notes))).toBe(Math.min(60, Math.floor((4 * mebibyte) / each)));
  });

  it('and one at least, however large', () => {
    expect(howManyFit(users(2, 'x'.repeat(5 * mebibyte)))).toBe(1);
  });
});
