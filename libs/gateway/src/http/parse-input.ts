import type { z } from 'zod';
import { platformErrors, type FailureDetail } from '#libs/platform/errors';

/** Mistakes that one answer names: a body made of nothing else must not cost us more than it cost its sender. */
const mostDetails = 100;

/**
 * Parses one part of a request.
 * @throws Failure `invalid-request`; `details` name each place in the sender's own words: `users[3].profile.joined`
 */
export function parseInput(schema: z.ZodType | undefined, input: unknown, root: string): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const details = result.error.issues.slice(0, mostDetails).flatMap((issue) => detailsOf(issue, root)).slice(0, mostDetails);
  throw platformErrors.failure('invalid-request', summaryOf(details), { details });
}

function detailsOf(issue: z.core.$ZodIssue, root: string): FailureDetail[] {
  const path = pathText(issue.path, root);
  // Zod names unknown keys together at their parent; each is a mistake of its own, at its own place.
  if (issue.code === 'unrecognized_keys') return issue.keys.slice(0, mostDetails).map((key) => ({ path: pathText([...issue.path, key], root), message: 'is not a known field' }));
  return [{ path, message: messageOf(issue) }];
}

/** Zod's own words where a schema has none, as the rest of a sentence that begins with the place. */
function messageOf(issue: z.core.$ZodIssue): string {
  if (!/^(Invalid|Too )/.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined') ? 'is required' : `must be ${article(issue.expected)}`;
    case 'too_small':
      return issue.origin === 'string' && issue.minimum === 1 ? 'must not be empty' : `must have at least ${String(issue.minimum)} ${unitOf(issue.origin)}`;
    case 'too_big':
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
  const name = type === 'record' ? 'object' : type;
  return `${/^[aeio]/.test(name) ? 'an' : 'a'} ${name}`;
}

function unitOf(origin: string): string {
  return origin === 'string' ? 'characters' : origin === 'array' ? 'items' : '';
}

export function pathText(path: readonly PropertyKey[], root = ''): string {
  return path.reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`), root);
}

function summaryOf(details: readonly FailureDetail[]): string {
  const [first, ...others] = details;
  if (first === undefined) return 'The request is malformed.';
  const where = first.path === '' ? 'The request body' : `${first.path}:`;
  const more = others.length === 0 ? '' : ` (and ${others.length}${details.length === mostDetails ? ' or' : ''} more)`;
  return `${where} ${first.message}${more}.`;
}
