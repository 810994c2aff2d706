import { describe, expect, it } from '@jest/globals';
import { Gate, type Pass } from './gate.js';
import { nextTurn } from './group-commit.js';

/** Enters, and tells by name when it is in. */
function visitor(gate: Gate, name: string, arrivals: string[]): Promise<Pass> {
  return Promise.resolve(gate.enter()).then((pass) => {
    arrivals.push(name);
    return pass;
  });
}

describe('a gate', () => {
  it('lets so many in at a time, and the others in their order as those leave', async () => {
    const gate = new Gate(2, 60_000);
    const arrivals: string[] = [];
    const [first, , third] = ['a', 'b', 'c', 'd'].map((name) => visitor(gate, name, arrivals));
    const pass = await first!;
    expect([arrivals, gate.waiting]).toEqual([['a', 'b'], 2]);
    gate.leave(pass);
    gate.leave(pass); // again makes no room for another
    const later = await third!;
    expect([arrivals, gate.waiting]).toEqual([['a', 'b', 'c'], 1]);
    gate.leave(later);
    await nextTurn();
    expect([arrivals, gate.waiting]).toEqual([['a', 'b', 'c', 'd'], 0]);
  });

  it('is held up by nobody who has been in for long, nor by those who ask for a second turn while they have one', async () => {
    const gate = new Gate(1, 20);
    const outer = await gate.enter();
    const inner = await gate.enter();
    const arrivals: string[] = [];
    await Promise.all(['a', 'b', 'c'].map((name) => visitor(gate, name, arrivals)));
    expect(arrivals).toEqual(['a', 'b', 'c']);
    for (const pass of [outer, inner]) gate.leave(pass); // they did not count any more: nobody's place is given away
    const [, waits] = [await gate.enter(), gate.enter()];
    expect([gate.waiting, waits]).toEqual([1, expect.any(Promise)]);
    await waits;
  });
});
