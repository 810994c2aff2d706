import { describe, expect, it } from '@jest/globals';
import { nextTurn } from './group-commit.js';
import { sharedRead } from './shared-read.js';

/** Reads that end when the spec says so. */
class Reads {
  readonly keys: string[] = [];
  private readonly ends: ((error?: Error) => void)[] = [];
  readonly read = (key: string): Promise<string> => {
    this.keys.push(key);
    const name = `${key} of read ${this.keys.length}`;
    return new Promise((resolve, reject) => this.ends.push((error) => (error === undefined ? resolve(name) : reject(error))));
  };
  end(place: number, error?: Error): Promise<void> {
    this.ends[place]!(error);
    return nextTurn();
  }
}

describe('a read that is shared', () => {
  it('is one for all who ask in a turn, and another for all who ask while it is under way', async () => {
    const reads = new Reads();
    const read = sharedRead(reads.read);
    const first = Promise.all([read('a'), read('a')]);
    await nextTurn();
    const second = Promise.all([read('a'), read('a'), read('a')]);
    await nextTurn();
    expect(reads.keys).toEqual(['a']);
    await reads.end(0);
    expect(await first).toEqual(['a of read 1', 'a of read 1']);
    const third = read('a');
    await nextTurn();
    expect(reads.keys).toEqual(['a', 'a']);
    await reads.end(1);
    expect(await second).toEqual(['a of read 2', 'a of read 2', 'a of read 2']);
    await reads.end(2);
    expect(await third).toBe('a of read 3');
  });

  it('does not wait for reads of something else', async () => {
    const reads = new Reads();
    const read = sharedRead(reads.read);
    const [, other] = [read('a'), read('b')];
    await nextTurn();
    expect(reads.keys).toEqual(['a', 'b']);
    await reads.end(1);
    expect(await other).toBe('b of read 2');
  });

  it('fails for those who share it, and not for those after them', async () => {
    const reads = new Reads();
    const read = sharedRead(reads.read);
    const failed = Promise.allSettled([read('a'), read('a')]);
    await nextTurn();
    const next = read('a');
    await reads.end(0, new Error('no'));
    expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await reads.end(1);
    expect(await next).toBe('a of read 2');
  });
});
