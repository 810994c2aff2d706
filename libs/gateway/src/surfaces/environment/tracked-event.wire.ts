import { z } from 'zod';
import { scalar } from '#libs/contracts';

const scalarValue = z.union([scalar], { error: 'must be a string, a number or a boolean' });

const eventId = z.string({ error: 'must be a string' }).min(1, 'must not be empty').max(128, 'must not be longer than 128 characters');

/** Whatever JavaScript reads as a date, as ISO 8601 in UTC with milliseconds. */
const dateText = z.string({ error: 'must be a date string' }).transform((text, context) => {
  const time = Date.parse(text);
  if (!Number.isNaN(time) && Math.abs(new Date(time).getUTCFullYear()) <= 9_999 && time > Date.parse('0001-01-01')) return new Date(time).toISOString();
  context.addIssue({ code: 'custom', message: 'must be a valid date' });
  return z.NEVER;
});

/** An event in the words that surface B has for it, so that a client needs to learn them once. */
export const trackedEventBody = z.object({
  id: eventId.optional().describe('Your id of the event: sent again, it is the same event'),
  event: z.string({ error: 'is required and must be a string' }).min(1, 'must not be empty').max(256, 'must not be longer than 256 characters'),
  value: scalarValue.nullish(),
  properties: z.record(z.string(), scalarValue, { error: 'must be an object' }).nullish(),
  timestamp: dateText.nullish().describe('When it happened; default: now'),
});
