import { z } from 'zod';

/** Ten times as many as are kept of a user or an event: one who sends more has mistaken something, or means harm. */
const mostKeys = 10_000;

/** An object whose keys its sender chooses. How many there are is looked at first: a schema looks at each, and says of each what is wrong with it, before it counts. */
export function fewKeys<S extends z.ZodType>(schema: S) {
  return z.preprocess((input, context) => {
    if (typeof input !== 'object' || input === null || Object.keys(input).length <= mostKeys) return input;
    context.addIssue({ code: 'custom', message: `must not have more than ${mostKeys} keys` });
    return z.NEVER;
  }, schema);
}
