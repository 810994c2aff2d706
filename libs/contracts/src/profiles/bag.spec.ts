import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { scalarBag, scalarBagPatch } from './bag.js';

describe('a bag of attributes', () => {
  it('keeps every key, those that mean something to JavaScript too, and stays a plain object', () => {
    const text = '{"__proto__":"p","constructor":1,"hasOwnProperty":true,"":"","é":-1.5e+300}';
    const bag = scalarBag.parse(JSON.parse(text));
    expect(JSON.stringify(bag)).toBe(text);
    expect(Object.getPrototypeOf(bag)).toBe(Object.prototype);
  });

  it('is a copy', () => {
    const given = { a: 1 };
    expect(scalarBag.parse(given)).not.toBe(given);
  });

  it('names the keys whose values it does not take', () => {
    const given = JSON.parse('{"ok":1,"list":[],"__proto__":{"a":1},"none":null}') as never;
    const paths = (result: { error?: { issues: { path: PropertyKey[] }[] } }) => result.error?.issues.map(({ path }) => path);
    expect(paths(scalarBag.safeParse(given))).toEqual([['list'], ['__proto__'], ['none']]);
    expect(paths(scalarBagPatch.safeParse(given))).toEqual([['list'], ['__proto__']]);
    expect(scalarBag.safeParse({ a: Number.NaN }).success).toBe(false);
  });

  it.each(['input', 'output'] as const)('can be shown in an API description, as %s', (io) => {
    const shown = z.toJSONSchema(z.object({ meta: scalarBagPatch.optional() }), { io });
    expect(shown).toMatchObject({ properties: { meta: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean', 'null'] } } } });
    expect(shown).not.toHaveProperty('required');
  });

  it.each([null, [], 'text', 1, undefined])('is not %p', (given) => {
    expect(scalarBag.safeParse(given).success).toBe(false);
  });
});
