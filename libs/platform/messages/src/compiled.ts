import { z } from 'zod';

const made = new WeakMap<z.ZodType, z.ZodType>();

/**
 * The same schema, with code that was made for it: it takes what is right in a fraction of the time, and leaves the rest to the schema
 * itself, which says what is wrong. Made when it is first asked for, which takes about a millisecond: for schemas that are declared
 * once, not for those that are put together for a request. Where code can't be made of it (it refers to itself) it is the schema itself.
 */
export function compiled<S extends z.ZodType>(schema: S): S {
  const known = made.get(schema) as S | undefined;
  if (known !== undefined) return known;
  const fast = z.compile(schema);
  made.set(schema, fast);
  return fast;
}
