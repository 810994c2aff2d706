import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { defineEvent } from '#libs/platform/messages';
import { event } from './index.js';

const moved = defineEvent({ type: 'things.thing.moved', data: z.object({ thingId: z.string(), version: z.number().int() }) });

describe('event', () => {
  it('leaves out what the type does not declare', () => {
    const row = { thingId: 't1', version: 2, email: 'ada@example.com' };
    expect(event(moved, row)).toEqual({ type: 'things.thing.moved', data: { thingId: 't1', version: 2 } });
  });

  it('refuses data that is not what the type declares', () => {
    expect(() => event(moved, { thingId: 't1', version: 2.5 })).toThrow(z.ZodError);
  });
});
