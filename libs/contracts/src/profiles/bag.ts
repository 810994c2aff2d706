import { z } from 'zod';
import { mostMistakes } from '#libs/platform/errors';
import { scalar, type Scalar } from '../values.js';

const isScalar = (value: unknown): value is Scalar => typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));

/**
 * An object whose keys its sender chooses. Not `z.record`, because that one drops the key `__proto__` without a word:
 * here every own key is kept, `__proto__` as a property like any other.
 */
function bagOf<Value>(accepts: (value: unknown) => value is Value, expected: string, values: z.ZodType<Value>): z.ZodType<Record<string, Value>, Record<string, Value>> {
  const bag = z
    .unknown()
    .superRefine((input, context) => {
      if (typeof input !== 'object' || input === null || Array.isArray(input)) return context.addIssue({ code: 'custom', message: 'Invalid input: expected an object' });
      let mistakes = 0;
      for (const key of Object.keys(input)) {
        if (accepts((input as Record<string, unknown>)[key])) continue;
        context.addIssue({ code: 'custom', path: [key], message: `Invalid input: expected ${expected}` });
        // No answer names more, and each costs as much as many that are right.
        if (++mistakes === mostMistakes) return;
      }
    })
    .overwrite((input) => (typeof input === 'object' && input !== null ? { ...input } : input))
    .meta({ type: 'object', additionalProperties: z.toJSONSchema(values) });
  // What goes in is what comes out; `unknown` as the input type would let any caller hand in anything.
  return bag as unknown as z.ZodType<Record<string, Value>, Record<string, Value>>;
}

/** Attributes and event properties: every value a string, number or boolean. */
export const scalarBag = bagOf(isScalar, 'a string, number or boolean', scalar);

/** A change of a bag: `null` removes the key. */
export const scalarBagPatch = bagOf((value): value is Scalar | null => value === null || isScalar(value), 'a string, number, boolean or null', scalar.nullable());
