import { z } from 'zod';
import type { Scalar } from '../values.js';

const isScalar = (value: unknown): value is Scalar => typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));

/**
 * An object whose keys its sender chooses. Not `z.record`, because that one drops the key `__proto__` without a word:
 * here every own key is kept, `__proto__` as a property like any other.
 */
function bagOf<Value>(accepts: (value: unknown) => value is Value, expected: string): z.ZodType<Record<string, Value>, Record<string, Value>> {
  const copied = z.unknown().transform((input, context): Record<string, Value> => {
    if (typeof input !== 'object' || input === null || Array.isArray(input)) {
      context.addIssue({ code: 'custom', message: 'Invalid input: expected an object' });
      return z.NEVER;
    }
    const entries = Object.entries(input) as [string, unknown][];
    for (const [key, value] of entries) {
      if (!accepts(value)) context.addIssue({ code: 'custom', path: [key], message: `Invalid input: expected ${expected}` });
    }
    return Object.fromEntries(entries) as Record<string, Value>;
  });
  // What goes in is what comes out; `unknown` as the input type would let any caller hand in anything.
  return copied as unknown as z.ZodType<Record<string, Value>, Record<string, Value>>;
}

/** Attributes and event properties: every value a string, number or boolean. */
export const scalarBag = bagOf(isScalar, 'a string, number or boolean');

/** A change of a bag: `null` removes the key. */
export const scalarBagPatch = bagOf((value): value is Scalar | null => value === null || isScalar(value), 'a string, number, boolean or null');
