import { insist } from './insist.js';

/**
 * Pages for as long as their reader may have them, which is asked after each: who reads slowly would else read on for as long as they like, whatever was taken from them.
 * The refusal is thrown, so that the answer breaks off, and nothing at its end says that it is whole.
 */
export async function* whileAllowed<T>(pages: AsyncIterable<T>, mustStillBeAllowed: () => Promise<void>): AsyncIterable<T> {
  for await (const page of pages) {
    yield page;
    await insist(mustStillBeAllowed);
  }
}
