import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { compiled } from './compiled.js';

describe('a schema that code was made for', () => {
  const schema = z.object({ id: z.uuid(), name: z.string().max(3, 'is too long').default('new'), tags: z.array(z.string()).optional() });
  const id = '01890000-0000-7000-8000-000000000001';

  it('takes what the schema takes, with its defaults, without what it does not know', () => {
    expect(compiled(schema).parse({ id, tags: ['a'], more: 1 })).toEqual({ id, name: 'new', tags: ['a'] });
  });

  it('refuses what the schema refuses, in its words and at its places', () => {
    const wrong = { id: 'x', name: 'long', tags: ['a', 1] };
    expect(compiled(schema).safeParse(wrong).error?.issues).toEqual(schema.safeParse(wrong).error?.issues);
  });

  it('is made once, and is the schema itself where no code can be made of it', () => {
    expect(compiled(schema)).toBe(compiled(schema));
    const json = z.object({ any: z.json() });
    expect(compiled(json)).toBe(json);
  });
});
