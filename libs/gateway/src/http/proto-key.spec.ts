import { describe, expect, it } from '@jest/globals';
import { pathOfProto } from './proto-key.js';

/** Milliseconds, the least of a few tries: what else the machine does makes none of them shorter. */
function cost(work: () => unknown): number {
  return Math.min(...Array.from({ length: 5 }, () => {
    const begun = performance.now();
    work();
    return performance.now() - begun;
  }));
}

describe('a key named __proto__', () => {
  it.each([
    ['{"__proto__":1}', '__proto__'],
    ['{"meta":{"a":{"__proto__":{"admin":true}}}}', 'meta.a.__proto__'],
    ['[1,[{"b":[{"\\u005f_proto__":null}]}]]', '[1][0].b[0].__proto__'],
    ['{"a":"__proto__","b":["__proto__",{"proto":1}]}', undefined],
    ['"__proto__"', undefined],
    ['null', undefined],
  ])('is found in %s at %s', (json, path) => {
    expect(pathOfProto(JSON.parse(json))).toBe(path);
  });

  it('is named by both ends of a path that is too long to be read', () => {
    const path = pathOfProto(JSON.parse(`${'{"abcdefghij":'.repeat(100)}{"__proto__":1}${'}'.repeat(100)}`));
    expect([path?.length, path?.slice(0, 22), path?.slice(-13)]).toEqual([401, 'abcdefghij.abcdefghij.', 'hij.__proto__']);
  });

  it('is looked for at less cost than reading the body: that is done before it is known who sends it', () => {
    const json = `{"e":"__proto__","p":[${'1,'.repeat(400_000)}1]}`;
    const value: unknown = JSON.parse(json);
    expect(cost(() => pathOfProto(value))).toBeLessThan(cost(() => JSON.parse(json)));
  });
});
