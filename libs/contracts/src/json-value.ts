import { z } from 'zod';

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** Levels of what somebody gives us: deeper than what is written by hand, and less deep than what would exhaust the stack of a reader. */
export const deepestJson = 20;

/** What JSON can say, as it is kept. */
export const jsonValue = jsonUpTo(Infinity);

/** What JSON can say, from outside: no deeper than `deepestJson`. */
export const givenJson = jsonUpTo(deepestJson);

/**
 * Not `z.json`: that is a schema that refers to itself, and code can't be made of a message that has one in it (`compiled`); and a value that is nested
 * thousands deep would exhaust the stack. Like every schema of a message it hands on a copy.
 */
function jsonUpTo(deepest: number): z.ZodType<JsonValue, JsonValue> {
  return z.unknown().transform((input, context): JsonValue => {
    const copy = copyOf(input, deepest);
    if (typeof copy !== 'symbol') return copy;
    context.addIssue({ code: 'custom', message: copy === tooDeep ? `must not be nested deeper than ${deepest} levels` : 'must be what JSON can say' });
    return z.NEVER;
  }) as unknown as z.ZodType<JsonValue, JsonValue>;
}

const tooDeep = Symbol('too deep');
const unsayable = Symbol('JSON can not say it');

/** @param levels that it may have */
function copyOf(value: unknown, levels: number): JsonValue | typeof tooDeep | typeof unsayable {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : unsayable;
  if (typeof value !== 'object') return unsayable;
  if (levels === 0) return tooDeep;
  const copies: [string, JsonValue][] = [];
  for (const [key, child] of Object.entries(value)) {
    const copy = copyOf(child, levels - 1);
    if (typeof copy === 'symbol') return copy;
    copies.push([key, copy]);
  }
  return Array.isArray(value) ? copies.map(([, copy]) => copy) : Object.fromEntries(copies);
}
