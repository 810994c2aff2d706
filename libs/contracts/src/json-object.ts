import { z } from 'zod';
import { deepestJson } from './json-value.js';
import { isStorable, mustBeStorable } from './values.js';

/**
 * A free JSON object of somebody's own: whatever is in it comes back as it was sent. Refuses what can't be kept exactly.
 * @param largest bytes of its JSON text in UTF-8
 */
export function jsonObject(largest: number): z.ZodType<Record<string, unknown>, Record<string, unknown>> {
  const schema = z
    .unknown()
    .superRefine((input, context) => {
      const mistake = typeof input !== 'object' || input === null || Array.isArray(input) ? 'must be an object' : mistakeIn(input, largest);
      if (mistake !== undefined) context.addIssue({ code: 'custom', message: mistake });
    })
    .meta({ type: 'object', additionalProperties: true });
  // What goes in is what comes out; `unknown` as the input type would let any caller hand in anything.
  return schema as unknown as z.ZodType<Record<string, unknown>, Record<string, unknown>>;
}

/** Bytes of a value's JSON text in UTF-8. */
export function jsonBytes(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}

function mistakeIn(root: object, largest: number): string | undefined {
  // By hand and not by recursion: how deep it goes is for the sender to choose.
  let layer: unknown[] = [root];
  for (let depth = 0; layer.length > 0; depth += 1) {
    if (depth > deepestJson) return `must not be nested deeper than ${deepestJson} levels`;
    const next: unknown[] = [];
    for (const value of layer) {
      if (typeof value === 'string' && !isStorable(value)) return mustBeStorable;
      if (typeof value === 'number' && !(Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)))) return 'must not contain a number that can’t be kept exactly: send it as a string';
      if (typeof value !== 'object' || value === null) continue;
      for (const [key, child] of Object.entries(value)) next.push(key, child);
    }
    layer = next;
  }
  return jsonBytes(root) > largest ? `must not be larger than ${largest} bytes` : undefined;
}
