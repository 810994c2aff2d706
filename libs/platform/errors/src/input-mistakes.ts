import type { z } from 'zod';
import type { FailureDetail } from './failure.js';

/** Mistakes that one answer names: an input made of nothing else must not cost us more than it cost its sender. */
export const mostMistakes = 100;

/**
 * What a schema found wrong, each mistake at its place in the sender's own words: `users[3].profile.joined`.
 * @param input what the schema was given
 * @param root what places begin with
 */
export function mistakesOf(issues: readonly z.core.$ZodIssue[], input: unknown, root = ''): FailureDetail[] {
  return issues.slice(0, mostMistakes).flatMap((issue) => detailsOf(issue, input, root)).slice(0, mostMistakes);
}

/**
 * The first mistake as a sentence, and how many more there are.
 * @param whole what a mistake without a place is about, as the sentence begins
 */
export function mistakesSentence(details: readonly FailureDetail[], whole: string): string {
  const [first, ...others] = details;
  if (first === undefined) return 'The request is malformed.';
  const more = others.length === 0 ? '' : ` (and ${others.length}${details.length === mostMistakes ? ' or' : ''} more)`;
  return `${first.path === '' ? whole : `${first.path}:`} ${first.message}${more}.`;
}

function pathText(path: readonly PropertyKey[], root = ''): string {
  return path.reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`), root);
}

function detailsOf(issue: z.core.$ZodIssue, input: unknown, root: string): FailureDetail[] {
  const path = pathText(issue.path, root);
  // Zod names unknown keys together at their parent; each is a mistake of its own, at its own place.
  if (issue.code === 'unrecognized_keys') return issue.keys.slice(0, mostMistakes).map((key) => ({ path: pathText([...issue.path, key], root), message: 'is not a known field' }));
  return [{ path, message: isOfAbsent(issue, input) ? 'is required' : messageOf(issue) }];
}

/** A schema's own text says what a value must be, which helps nobody who has sent none; unless it says that one is required. */
function isOfAbsent(issue: z.core.$ZodIssue, input: unknown): boolean {
  if (!['invalid_type', 'invalid_value', 'invalid_union'].includes(issue.code) || issue.message.startsWith('is required')) return false;
  return issue.path.reduce<unknown>((value, part) => (value as Record<PropertyKey, unknown> | null | undefined)?.[part], input) === undefined;
}

/** Zod's own words where a schema has none, as the rest of a sentence that begins with the place. */
function messageOf(issue: z.core.$ZodIssue): string {
  if (!/^(Invalid|Too )/.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${article(issue.expected)}`;
    case 'too_small':
      if (issue.origin === 'string' && issue.minimum === 1) return 'must not be empty';
      if (isNumber(issue.origin)) return issue.inclusive === false ? `must be more than ${String(issue.minimum)}` : `must be ${String(issue.minimum)} or more`;
      return `must have at least ${String(issue.minimum)} ${unitOf(issue.origin)}`;
    case 'too_big':
      if (isNumber(issue.origin)) return issue.inclusive === false ? `must be less than ${String(issue.maximum)}` : `must be ${String(issue.maximum)} or less`;
      return `must not have more than ${String(issue.maximum)} ${unitOf(issue.origin)}`;
    case 'invalid_value':
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
    case 'invalid_union':
      return 'is of a type that is not accepted here';
    default:
      return issue.message;
  }
}

function article(type: string): string {
  const name = type === 'record' ? 'object' : type === 'int' ? 'whole number' : type;
  return `${/^[aeio]/.test(name) ? 'an' : 'a'} ${name}`;
}

function isNumber(origin: string): boolean {
  return origin === 'number' || origin === 'int';
}

function unitOf(origin: string): string {
  return origin === 'string' ? 'characters' : origin === 'array' ? 'items' : '';
}
