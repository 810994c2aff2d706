import { describe, expect, it } from '@jest/globals';
import { ListTurns } from './list-turns.js';

/** Lists that go on until they are told to end. */
class Lists {
  readonly begun: string[] = [];
  private readonly ends = new Map<string, () => void>();

  constructor(private readonly turns: ListTurns) {}

  begin(realm: string, name: string, deadlineAt?: number): Promise<string> {
    return this.turns.take(realm, deadlineAt, async () => {
      this.begun.push(name);
      await new Promise<void>((end) => this.ends.set(name, end));
      return name;
    });
  }

  end(name: string): void {
    this.ends.get(name)?.();
  }
}

describe('turns of lists', () => {
  it('leave a project half of the connections, all together some, and each project its order', async () => {
    const lists = new Lists(new ListTurns({ DATABASE_POOL_SIZE: 4 }));
    const asked = [...['a1', 'a2', 'a3', 'a4'].map((name) => lists.begin('a', name)), ...['b1', 'b2'].map((name) => lists.begin('b', name))];
    expect(lists.begun).toEqual(['a1', 'a2', 'b1']);
    lists.end('a2');
    expect(await asked[1]).toBe('a2');
    expect(lists.begun).toEqual(['a1', 'a2', 'b1', 'a3']);
    lists.end('b1');
    await asked[4];
    expect(lists.begun.slice(4)).toEqual(['b2']);
    for (const name of ['a1', 'a3', 'b2']) lists.end(name);
    await Promise.all([asked[0], asked[2], asked[5]]);
    lists.end('a4');
    expect(await Promise.all(asked)).toEqual(['a1', 'a2', 'a3', 'a4', 'b1', 'b2']);
  });

  it('are given back by what fails, and are not taken by what nobody waits for any more', async () => {
    const turns = new ListTurns({ DATABASE_POOL_SIZE: 2 });
    const lists = new Lists(turns);
    const first = lists.begin('a', 'first');
    const late = lists.begin('a', 'late', Date.now() - 1).catch((error: unknown) => error);
    const failing = turns.take('a', undefined, () => Promise.reject(new Error('of its own')));
    const last = lists.begin('a', 'last');
    lists.end('first');
    await first;
    expect(await late).toMatchObject({ value: { code: 'service-unavailable' } });
    await expect(failing).rejects.toThrow('of its own');
    lists.end('last');
    expect(await last).toBe('last');
    expect(lists.begun).toEqual(['first', 'last']);
  });
});
