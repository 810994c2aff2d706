import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Failure, FailureValue } from '#libs/platform/errors';
import { parseInput } from './parse-input.js';

const failureOf = (schema: z.ZodType, input: unknown): FailureValue => {
  try {
    parseInput(schema, input, '');
  } catch (error) {
    return (error as Failure).value;
  }
  throw new Error('nothing was wrong');
};

describe('parsing a request', () => {
  const schema = z.strictObject({ users: z.array(z.strictObject({ id: z.string(), profile: z.object({ joined: z.string() }) })) });

  it('names every wrong place in the sender’s own words', () => {
    const failure = failureOf(schema, { users: [{ id: 'a', profile: { joined: 1 } }, { id: 2, profile: { joined: 'x' } }] });
    expect(failure.details?.map(({ path }) => path)).toEqual(['users[0].profile.joined', 'users[1].id']);
    expect(failure.message).toMatch(/^users\[0\]\.profile\.joined: .* \(and 1 more\)\.$/);
  });

  it('names each unknown field at its own place', () => {
    expect(failureOf(schema, { users: [{ id: 'a', profile: { joined: 'x' }, nick: 1 }], extra: true }).details).toEqual([
      { path: 'users[0].nick', message: 'is not a known field' },
      { path: 'extra', message: 'is not a known field' },
    ]);
  });

  it.each<[what: string, schema: z.ZodType, input: unknown, message: string]>([
    ['absent', z.object({ a: z.string() }), {}, 'a: is required.'],
    ['absent, whatever the schema says of others', z.object({ a: z.string({ error: 'must be a colour' }) }), {}, 'a: is required.'],
    ['absent, where the schema says so itself', z.object({ a: z.string({ error: 'is required and must be a colour' }) }), {}, 'a: is required and must be a colour.'],
    ['absent, and one of those that are known', z.object({ a: z.enum(['x', 'y'], { error: 'must be one of x, y' }) }), {}, 'a: is required.'],
    ['absent, and of one of several types', z.object({ a: z.array(z.object({ b: z.union([z.string(), z.number()], { error: 'must be a string or a number' }) })) }), { a: [{}] }, 'a[0].b: is required.'],
    ['null', z.object({ a: z.string({ error: 'must be a colour' }) }), { a: null }, 'a: must be a colour.'],
    ['absent, which a rule of its own looks at', z.object({ a: z.string().optional() }).refine(({ a }) => a !== undefined, { path: ['a'], message: 'is required for the role x' }), {}, 'a: is required for the role x.'],
    ['of another type', z.object({ a: z.array(z.string()) }), { a: 1 }, 'a: must be an array.'],
    ['an array for an object', z.object({ a: z.object({}) }), { a: [] }, 'a: must be an object.'],
    ['empty', z.object({ a: z.string().min(1) }), { a: '' }, 'a: must not be empty.'],
    ['too long', z.object({ a: z.string().max(3) }), { a: 'abcd' }, 'a: must not have more than 3 characters.'],
    ['too many', z.object({ a: z.array(z.string()).max(1) }), { a: ['x', 'y'] }, 'a: must not have more than 1 items.'],
    ['too small a number', z.object({ a: z.number().int().min(1).max(9) }), { a: 0 }, 'a: must be 1 or more.'],
    ['too large a number', z.object({ a: z.number().int().min(1).max(9) }), { a: 10 }, 'a: must be 9 or less.'],
    ['a number that is not more than its bound', z.object({ a: z.number().positive() }), { a: 0 }, 'a: must be more than 0.'],
    ['a fraction', z.object({ a: z.number().int() }), { a: 1.5 }, 'a: must be a whole number.'],
    ['none of those that are known', z.object({ a: z.enum(['x', 'y']) }), { a: 'z' }, 'a: must be "x" or "y".'],
    ['refused in the schema’s own words', z.object({ a: z.string({ error: 'must be a colour' }) }), { a: 1 }, 'a: must be a colour.'],
  ])('says of a field that is %s what it must be', (_what, fieldSchema, input, message) => {
    expect(failureOf(fieldSchema, input).message).toBe(message);
  });

  it('names a hundred mistakes at the most', () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, 1]));
    const failure = failureOf(z.strictObject({}), many);
    expect([failure.details?.length, failure.message]).toEqual([100, 'k0: is not a known field (and 99 or more).']);
  });

  it('says so when there is no body at all', () => {
    expect(failureOf(schema, undefined).message).toBe('The request body is required.');
  });
});
