import { z } from 'zod';

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/**
 * What JSON can say. Not `z.json`: that is a schema that refers to itself, and code can't be made of a message that has one in it (`compiled`).
 * Like every schema of a message it hands on a copy.
 */
export const jsonValue = z.unknown().transform((input, context): JsonValue => {
  const copy = copyOf(input);
  if (copy !== undefined) return copy;
  context.addIssue({ code: 'custom', message: 'Invalid input: expected what JSON can say' });
  return z.NEVER;
}) as unknown as z.ZodType<JsonValue, JsonValue>;

/** Undefined: JSON can't say it. */
function copyOf(value: unknown): JsonValue | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'object') return undefined;
  const copies: [string, JsonValue][] = [];
  for (const [key, child] of Object.entries(value)) {
    const copy = copyOf(child);
    if (copy === undefined) return undefined;
    copies.push([key, copy]);
  }
  return Array.isArray(value) ? copies.map(([, copy]) => copy) : Object.fromEntries(copies);
}
