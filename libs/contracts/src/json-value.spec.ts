import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { compiled } from '#libs/platform/messages';
import { deepestJson, givenJson, jsonValue } from './json-value.js';

describe('a value of JSON', () => {
  const bag = z.record(z.string(), jsonValue);

  it('is handed on as a copy, however deep it is', () => {
    const sent = { zone: 'UTC', deep: { list: [1, null, { on: true }] } };
    const got = compiled(bag).parse(sent) as typeof sent;
    expect(got).toEqual(sent);
    expect(got.deep.list[2]).not.toBe(sent.deep.list[2]);
  });

  it.each([[undefined], [Number.NaN], [10n], [() => 1], [[undefined]], [{ a: Number.POSITIVE_INFINITY }]])('is refused where JSON could not say it: %p', (value) => {
    expect(compiled(bag).safeParse({ value }).success).toBe(false);
  });

  it.each([[true, deepestJson], [false, deepestJson + 1], [false, 100_000]])('from outside: %p for %p levels', (taken, levels) => {
    const value = JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`) as unknown;
    const result = compiled(z.record(z.string(), givenJson)).safeParse({ value });
    expect([result.success, result.error?.issues.map(({ path, message }) => [path, message])]).toEqual([taken, taken ? undefined : [[['value'], `must not be nested deeper than ${deepestJson} levels`]]]);
  });
});
