import { describe, expect, it } from '@jest/globals';
import { platformErrors } from '#libs/platform/errors';
import { GroupCommit, nextTurn, type Outcome } from './group-commit.js';

/** Commits that end when the spec says so, and remember what they were given. */
class Commits {
  readonly groups: string[][] = [];
  private readonly open: (() => void)[] = [];

  constructor(private readonly behave: (group: readonly string[]) => Outcome<string>[] = (group) => group.map((item) => ({ answer: `${item} written` }))) {}

  readonly commit = async (group: readonly string[]): Promise<Outcome<string>[]> => {
    this.groups.push([...group]);
    await new Promise<void>((resolve) => this.open.push(resolve));
    return this.behave(group);
  };

  /** Ends the commits that are under way and those that follow, until none is left. */
  async finish(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet += 1) {
      for (let end = this.open.shift(); end !== undefined; end = this.open.shift()) {
        end();
        quiet = 0;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

const settle = (promises: Promise<string>[]) => Promise.all(promises.map((promise) => promise.catch((error: Error) => error.message)));

describe('group commit', () => {
  it('writes an item that finds nobody at work at once, and what arrives meanwhile as one group in order', async () => {
    const commits = new Commits();
    const group = new GroupCommit(commits.commit);
    const first = group.submit('a');
    expect(commits.groups).toEqual([['a']]);
    const others = ['b', 'c', 'd'].map((item) => group.submit(item));
    await commits.finish();
    expect(commits.groups).toEqual([['a'], ['b', 'c', 'd']]);
    expect(await Promise.all([first, ...others])).toEqual(['a written', 'b written', 'c written', 'd written']);
  });

  it('answers nobody before the commit of their item has ended', async () => {
    const commits = new Commits();
    const group = new GroupCommit(commits.commit);
    let answered = false;
    const answer = group.submit('a').then(() => (answered = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(answered).toBe(false);
    await commits.finish();
    await answer;
  });

  it('lets an item fail by itself', async () => {
    const failure = platformErrors.failure('invalid-request', 'b is wrong');
    const commits = new Commits((items) => items.map((item) => (item === 'b' ? { failure } : { answer: item })));
    const group = new GroupCommit(commits.commit);
    const answers = settle(['x', 'a', 'b', 'c'].map((item) => group.submit(item)));
    await commits.finish();
    expect(await answers).toEqual(['x', 'a', 'invalid-request: b is wrong', 'c']);
  });

  it('halves a group that fails as a whole until the item at fault is alone, and writes the others in order', async () => {
    const written: string[] = [];
    const commits = new Commits((items) => {
      if (items.includes('bad')) throw new Error('cannot be written');
      written.push(...items);
      return items.map((item) => ({ answer: item }));
    });
    const group = new GroupCommit(commits.commit);
    const answers = settle(['0', '1', '2', 'bad', '4', '5', '6'].map((item) => group.submit(item)));
    await commits.finish();
    expect(await answers).toEqual(['0', '1', '2', 'cannot be written', '4', '5', '6']);
    expect(written).toEqual(['0', '1', '2', '4', '5', '6']);
  });

  it('tells the whole group at once that the database is out of reach, without asking it again for each', async () => {
    const commits = new Commits(() => {
      throw platformErrors.failure('service-unavailable', 'away');
    });
    const group = new GroupCommit(commits.commit);
    const answers = settle(['a', 'b', 'c'].map((item) => group.submit(item)));
    await commits.finish();
    expect(await answers).toEqual(Array(3).fill('service-unavailable: away'));
    expect(commits.groups).toEqual([['a'], ['b', 'c']]);
  });

  it('does not write what nobody waits for any more', async () => {
    const commits = new Commits();
    const group = new GroupCommit(commits.commit);
    const answers = settle([group.submit('a'), group.submit('late', Date.now() - 1), group.submit('b', Date.now() + 60_000)]);
    await commits.finish();
    expect(commits.groups).toEqual([['a'], ['b']]);
    expect((await answers)[1]).toContain('service-unavailable');
  });

  it('gathers what comes until its rule lets it begin', async () => {
    const commits = new Commits();
    let begin = () => {};
    const group = new GroupCommit(commits.commit, { gather: () => new Promise((resolve) => (begin = resolve)) });
    const answers = [group.submit('a'), group.submit('b')];
    await nextTurn();
    answers.push(group.submit('c'));
    expect(commits.groups).toEqual([]);
    begin();
    await commits.finish();
    expect(commits.groups).toEqual([['a', 'b', 'c']]);
    expect(await Promise.all(answers)).toHaveLength(3);
  });

  it('never puts two items of one key into one group, and keeps their order', async () => {
    const commits = new Commits();
    const group = new GroupCommit(commits.commit, { items: 3, keyOf: (item) => item[0]! });
    const answers = ['x', 'a1', 'a2', 'b1', 'a3', 'c1', 'd1', 'b2'].map((item) => group.submit(item));
    await commits.finish();
    expect(commits.groups).toEqual([['x'], ['a1', 'b1', 'c1'], ['a2', 'd1', 'b2'], ['a3']]);
    expect(await Promise.all(answers)).toContain('a3 written');
  });

  it('begins the next group when the one before has come to its commit, where a rule says what has to stay in order', async () => {
    const groups = new Map<string, { atCommit: () => void; end: () => void }>();
    const group = new GroupCommit<string, string>(
      async (items, atCommit) => {
        await new Promise<void>((end) => groups.set(items.join(' '), { atCommit, end }));
        return items.map((item) => ({ answer: item }));
      },
      { items: 6, lineOf: (item) => item[0]! },
    );
    const begun = () => [...groups.keys()];
    const end = async (items: string) => {
      groups.get(items)!.end();
      await nextTurn();
    };
    const answers = ['a1', 'a2', 'b1', 'c1', 'a3', 'd1'].map((item) => group.submit(item));
    expect(begun()).toEqual(['a1']);
    groups.get('a1')!.atCommit();
    // Nothing of the line that is being committed.
    expect(begun()).toEqual(['a1', 'b1 c1 d1']);
    await end('a1');
    expect(begun().slice(2)).toEqual([]);
    groups.get('b1 c1 d1')!.atCommit();
    expect(begun().slice(2)).toEqual(['a2 a3']);
    groups.get('a2 a3')!.atCommit();
    answers.push(group.submit('c2'), group.submit('e1'));
    // e1 need not wait for c2, which waits for c1.
    expect(begun().slice(3)).toEqual(['e1']);
    groups.get('e1')!.atCommit();
    answers.push(group.submit('f1'));
    // So many wait for the disk already.
    expect(begun().slice(4)).toEqual([]);
    await end('e1');
    expect(begun().slice(4)).toEqual(['f1']);
    await end('b1 c1 d1');
    await Promise.all(['a2 a3', 'f1'].map(end));
    await end('c2');
    expect(await Promise.all(answers)).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'd1', 'c2', 'e1', 'f1']);
  });

  it('has full groups written beside one another, where a rule says what has to stay in order', async () => {
    const commits = new Commits();
    const group = new GroupCommit(commits.commit, { items: 2, lineOf: (item) => item[0]! });
    const answers = group.submitAll(['a1', 'b1', 'a2', 'c1', 'd1', 'e1', 'f1', 'g1']);
    // a2 comes after a1, and three at once are enough.
    expect(commits.groups).toEqual([['a1', 'b1'], ['c1', 'd1'], ['e1', 'f1']]);
    await commits.finish();
    expect(commits.groups.slice(3)).toEqual([['a2', 'g1']]);
    expect(await answers).toEqual(['a1', 'b1', 'a2', 'c1', 'd1', 'e1', 'f1', 'g1'].map((item) => ({ answer: `${item} written` })));
  });

  it('takes half of those who are there while others are being written, where a rule says what has to stay in order, and all who came together to nobody at work', async () => {
    const groups: { size: number; atCommit: () => void; end: () => void }[] = [];
    const group = new GroupCommit<number, number>(
      async (items, atCommit) => {
        await new Promise<void>((end) => groups.push({ size: items.length, atCommit, end }));
        return items.map((item) => ({ answer: item }));
      },
      { lineOf: String },
    );
    const sizes = () => groups.map(({ size }) => size);
    const answers = Array.from({ length: 64 }, (_, item) => group.submit(item));
    groups[0]!.atCommit();
    groups[0]!.end();
    await nextTurn();
    answers.push(group.submit(64));
    groups[1]!.atCommit();
    // Half of 32 who are being written and 32 who wait.
    expect(sizes()).toEqual([1, 32, 32]);
    groups[1]!.end();
    groups[2]!.end();
    await Promise.all(answers);
    const together = group.submitAll(Array.from({ length: 40 }, (_, item) => item));
    expect(sizes().slice(3)).toEqual([40]);
    groups[3]!.end();
    await together;
    const few = Array.from({ length: 9 }, (_, item) => group.submit(item));
    groups[4]!.atCommit();
    // Of so few none is left for another group.
    expect(sizes().slice(4)).toEqual([1, 8]);
    for (const { end } of groups.slice(4)) end();
    await Promise.all(few);
  });

  it('splits what is more than one transaction should hold, and refuses what is more than may wait', async () => {
    const commits = new Commits();
    const group = new GroupCommit(commits.commit, { items: 2, waiting: 3 });
    const answers = settle(['a', 'b', 'c', 'd', 'e'].map((item) => group.submit(item)));
    await commits.finish();
    expect(commits.groups).toEqual([['a'], ['b', 'c'], ['d']]);
    expect((await answers)[4]).toContain('service-unavailable');
  });

  it('writes items that came together as if each came by itself, and tells of each what came of it', async () => {
    const failure = platformErrors.failure('invalid-request', 'c is wrong');
    const commits = new Commits((items) => items.map((item) => (item === 'c' ? { failure } : { answer: item })));
    const group = new GroupCommit(commits.commit, { items: 2, waiting: 4 });
    const single = settle([group.submit('x'), group.submit('a')]);
    const together = group.submitAll(['b', 'c', 'd', 'e', 'f']);
    const late = group.submitAll(['g'], Date.now() - 1);
    await commits.finish();
    expect(commits.groups).toEqual([['x'], ['a', 'b'], ['c', 'd']]);
    expect(await single).toEqual(['x', 'a']);
    const told = async (outcomes: Promise<Outcome<string>[]>) => (await outcomes).map((outcome) => ('failure' in outcome ? outcome.failure.message : outcome.answer));
    const refused = expect.stringContaining('service-unavailable');
    expect(await told(together)).toEqual(['b', 'invalid-request: c is wrong', 'd', refused, refused]);
    expect(await told(late)).toEqual([refused]);
    expect(await group.submitAll([])).toEqual([]);
  });

  it('throws what is nobody’s failure after the others that came together were written', async () => {
    const commits = new Commits((items) => {
      if (items.includes('bad')) throw new Error('cannot be written');
      return items.map((item) => ({ answer: item }));
    });
    const answer = new GroupCommit(commits.commit, { items: 1 }).submitAll(['bad', 'b']).catch((error: Error) => error.message);
    await commits.finish();
    expect(commits.groups).toEqual([['bad'], ['b']]);
    expect(await answer).toBe('cannot be written');
  });
});
