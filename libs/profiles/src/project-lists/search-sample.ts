/**
 * What finding one user by the index and looking whether they match costs, in entries of the index that are passed over: some 0.5 µs and 7 ns
 * (100,000 users, in memory). An index of trigrams reads a whole list of users for each trigram that it is asked for, however few have the others.
 */
const entriesPerLookup = 70;

const wordCharacters = /^[\p{L}\p{N}]{3}$/u;

/** What is frequent in the texts of a realm that are searched, by some of them. */
export class SearchSample {
  private readonly counts = new Map<string, number>();
  private readonly size: number;

  /**
   * @param texts in lower case
   * @param share of all rows that the index holds, those that are the realm's: 0 to 1
   */
  constructor(texts: readonly string[], private readonly share: number) {
    this.size = texts.length;
    for (const text of texts) {
      const characters = Array.from(text);
      for (const gram of new Set(characters.map((_, place) => gramAt(characters, place)))) {
        if (gram !== undefined) this.counts.set(gram, (this.counts.get(gram) ?? 0) + 1);
      }
    }
  }

  /**
   * The part of a searched text that an index should be asked for; whoever it finds has to be looked at for the whole. It is the rarest trigram and those
   * beside it that leave out more users than it costs to read who has them.
   */
  rarePart(text: string): { part: string; isRealmWorthIt: boolean } {
    const characters = Array.from(text);
    const frequencies = characters.map((_, place) => this.frequency(gramAt(characters, place)));
    const rarest = Math.min(...frequencies);
    if (rarest === Infinity) return { part: text, isRealmWorthIt: true };
    let first = frequencies.indexOf(rarest);
    let last = first;
    while (first > 0 && isWorthIt(frequencies[first - 1]!, rarest)) first -= 1;
    while (last + 1 < frequencies.length && isWorthIt(frequencies[last + 1]!, rarest)) last += 1;
    return { part: characters.slice(first, last + 3).join(''), isRealmWorthIt: isWorthIt(this.share, rarest) };
  }

  /** Infinity: not in the index. */
  private frequency(gram: string | undefined): number {
    // What none of them has, half of one might have had.
    return gram === undefined ? Infinity : (this.counts.get(gram) ?? 0.5) / this.size;
  }
}

function gramAt(characters: readonly string[], place: number): string | undefined {
  const gram = characters.slice(place, place + 3).join('').toLowerCase();
  return wordCharacters.test(gram) ? gram : undefined;
}

/** Whether asking for what so many have as well leaves out enough of those with the rarest. */
function isWorthIt(frequency: number, rarest: number): boolean {
  return frequency < entriesPerLookup * rarest * (1 - frequency);
}
