import { describe, expect, it } from '@jest/globals';
import { SearchSample } from './search-sample.js';

/** A thousand users: nearly all `@example.com`, a tenth of them Smith, one of them Smithers. */
const texts = Array.from({ length: 1_000 }, (_, place) => `${place === 7 ? 'ida smithers' : place % 10 === 0 ? 'ada smith' : `name${place} öztürk`}\nuser${place}@example.com`);

describe('the part of a searched text that an index is asked for', () => {
  const sample = new SearchSample(texts, 1);

  it.each([
    // Whoever has a rare trigram is looked at, and `exa`, which all have, is in none of them.
    ['user123@example', 'r123'],
    ['smithers', 'thers'],
    ['SMITHERS', 'THERS'],
    ['xyz@example.com', 'xyz'],
    // All of it is as frequent: who has `smi` has the rest.
    ['smith', 'smith'],
    ['öztürk', 'öztürk'],
    ['nobody', 'nobody'],
  ])('of %j is %j', (text, part) => {
    expect(sample.rarePart(text).part).toBe(part);
  });

  it.each(['a@b', '%', '', 'ab', '-_-_-'])('of %j, which has no trigram, is all of it', (text) => {
    expect(sample.rarePart(text)).toEqual({ part: text, isRealmWorthIt: true });
  });

  it('goes with the realm where that leaves out many, and without it where most users are the realm’s', () => {
    const worthIt = (share: number, text: string) => new SearchSample(texts, share).rarePart(text).isRealmWorthIt;
    expect([worthIt(0.01, 'smithers'), worthIt(0.5, 'smithers'), worthIt(1, 'smithers')]).toEqual([true, false, false]);
    // So many have it that leaving out a half of them is worth the reading.
    expect([worthIt(0.5, 'example'), worthIt(1, 'example')]).toEqual([true, false]);
  });

  it('is a part of the text, with all characters that were beside one another', () => {
    for (const text of ['ada smith', 'user1@example.com', 'öztürk ömer', '😀abc😀', 'a\nb smithers']) expect(text).toContain(sample.rarePart(text).part);
  });
});
