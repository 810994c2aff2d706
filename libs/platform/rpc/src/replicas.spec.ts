import { beforeEach, describe, expect, it } from '@jest/globals';
import { Replicas } from './replicas.js';

describe('the replicas of a service', () => {
  let now: number;
  let turn: number;
  let replicas: Replicas;
  const chosen = (service = 'profiles') => [0, 1, 2, 3].map((place) => ((turn = place / 4), replicas.choose(service)));
  const say = (...ids: string[]) => ids.forEach((id) => replicas.hear('profiles', { id }));

  beforeEach(() => {
    now = 1_000_000;
    replicas = new Replicas(() => now, () => turn);
    say('a', 'b', 'c');
  });

  it('are the broker’s to choose from while all are heard, and where none is known', () => {
    now += 3_000;
    expect([chosen(), chosen('identity')]).toEqual([[undefined, undefined, undefined, undefined], [undefined, undefined, undefined, undefined]]);
  });

  it('are asked by name once one is silent: those that are heard', () => {
    now += 3_000;
    say('a', 'c');
    now += 1_000;
    expect(new Set(chosen())).toEqual(new Set(['a', 'c']));
    say('b');
    expect(new Set(chosen())).toEqual(new Set([undefined]));
  });

  it('are the broker’s again when nobody is heard, as when the listener itself was too busy', () => {
    now += 10_000;
    expect(new Set(chosen())).toEqual(new Set([undefined]));
  });

  it('are not missed when they said that they leave, or the broker did', () => {
    replicas.hear('profiles', { id: 'b', leaves: true });
    replicas.forget('profiles', 'c');
    now += 3_000;
    say('a');
    now += 3_000;
    expect(new Set(chosen())).toEqual(new Set([undefined]));
  });

  it('are asked by name for a minute after a request got no answer: the silent one may be of before', () => {
    replicas.suspect('profiles');
    expect(new Set(chosen())).toEqual(new Set(['a', 'b', 'c']));
    now += 61_000;
    say('a', 'b', 'c');
    expect(new Set(chosen())).toEqual(new Set([undefined]));
  });

  it('are forgotten when nobody can believe in them any more', () => {
    now += 20 * 60_000 + 1;
    say('a');
    expect(new Set(chosen())).toEqual(new Set([undefined]));
  });
});
