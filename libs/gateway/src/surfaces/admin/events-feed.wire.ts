import { z } from 'zod';
import { operations } from '#libs/contracts';
import { wholeNumberMeta } from '../../http/whole-number.js';

const mostTypes = 32;

/** Types of events, each by its name or all of a thing by `rollcall.user.*`, as names. */
export const eventTypes = z
  .array(z.string({ error: 'must be a string' }))
  .min(1, 'must name a type')
  .max(mostTypes, `must not name more than ${mostTypes} types`)
  .transform((patterns, context) => {
    const types = new Set<operations.FeedType>();
    for (const [place, pattern] of patterns.entries()) {
      const found = operations.feedTypesOf(pattern);
      if (found === undefined) context.addIssue({ code: 'custom', message: `is no type of event; there are ${operations.feedTypes.join(', ')}`, path: [place] });
      for (const type of found ?? []) types.add(type);
    }
    return [...types];
  });

export const feedQuery = z.object({
  after: z
    .string()
    .regex(/^(\d{1,15}|0\d{15}|latest)$/, 'must be `next_after` of an answer, the `sequence` of an event, or latest')
    .transform((text) => (text === 'latest' ? ('latest' as const) : Number(text)))
    .optional()
    .describe('`next_after` of the answer before; `latest`: only what is still to come; absent: from the oldest event that is kept'),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, 'must be a whole number from 1 to 1000')
    .transform(Number)
    .refine((limit) => limit <= 1_000, 'must be a whole number from 1 to 1000')
    .default(100)
    .describe('1 to 1000')
    .meta(wholeNumberMeta(1, 1_000, 100)),
  types: z
    .string()
    .transform((text) => text.split(','))
    .pipe(eventTypes)
    .optional()
    .describe('Types of events, separated by commas: `rollcall.user.created`, or `rollcall.user.*` for all about users'),
});

export const feedPage = z.object({
  events: z.array(operations.cloudEvent).describe('CloudEvents 1.0, in the order in which things happened'),
  next_after: z.string().describe('`after` of the next question, also when there are no events'),
  has_more: z.boolean().describe('Whether there are more already'),
});
export type FeedPage = z.output<typeof feedPage>;
