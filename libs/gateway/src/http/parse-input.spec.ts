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

  it('says so when there is no body at all', () => {
    expect(failureOf(schema, undefined).message).toMatch(/^The request body: /);
  });
});
