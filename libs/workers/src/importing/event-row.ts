import { z } from 'zod';
import { dateText, scalar } from '#libs/contracts';
import type { LoadedEvent } from './import-row.js';

const scalarValue = z.union([scalar], { error: 'must be a string, a number (whole ones below 2^53, larger ones as a string) or a boolean' });
const textUpTo = (length: number) => z.string({ error: (issue) => (issue.input === undefined ? 'is required and must be a string' : 'must be a string') }).min(1, 'must not be empty').max(length, `must not be longer than ${length} characters`);

/** An event as a file has it. */
export const eventRow = z.strictObject({
  uid: textUpTo(128),
  id: textUpTo(128).optional(),
  event: textUpTo(256),
  value: scalarValue.nullish(),
  properties: z.record(z.string(), scalarValue, { error: 'must be an object' }).nullish(),
  timestamp: dateText.nullish(),
});
type EventRow = z.output<typeof eventRow>;

/** @param newId of an event that has none of its own */
export function toLoadedEvent({ uid, id, event, value, properties, timestamp }: EventRow, newId: string): LoadedEvent {
  return { uid, event: { id: id ?? newId, event, value: value ?? null, properties: properties ?? {}, timestamp: timestamp ?? undefined } };
}
