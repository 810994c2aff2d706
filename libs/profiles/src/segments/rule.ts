import type { Scalar } from '#libs/contracts';

/** A comparison of one thing with values that are not part of the statement's text. */
export type Comparison =
  | { kind: 'eq' | 'gt' | 'gte' | 'lt' | 'lte'; value: Scalar | null }
  | { kind: 'in'; values: (Scalar | null)[] }
  | { kind: 'exists' }
  /** Texts that begin with the prefix. */
  | { kind: 'prefix'; prefix: string };

/** What is compared: an attribute of the bag by its key, a standard field by its name, or how often an event happened. */
export type Subject =
  | { kind: 'attribute'; key: string }
  | { kind: 'standard'; name: StandardField }
  | { kind: 'events'; event: string; withinDays: number | null };

/** A parsed rule: says of each user whether they are in the segment. */
export type Rule =
  | { kind: 'and' | 'or'; of: Rule[] }
  | { kind: 'not'; of: Rule }
  | { kind: 'compare'; subject: Subject; comparison: Comparison };

/** The fields of every user that a rule may name, with the type of their values. */
export const standardFields = {
  id: 'text',
  name: 'text',
  first_name: 'text',
  last_name: 'text',
  email: 'text',
  phone: 'text',
  city: 'text',
  country: 'text',
  region: 'text',
  timezone: 'text',
  is_account: 'boolean',
  created_at: 'time',
  first_seen_at: 'time',
  last_seen_at: 'time',
} as const;
export type StandardField = keyof typeof standardFields;

/** Whether members come and go by the passing of time alone. */
export function dependsOnTime(rule: Rule): boolean {
  if (rule.kind === 'compare') return rule.subject.kind === 'events' && rule.subject.withinDays !== null;
  return rule.kind === 'not' ? dependsOnTime(rule.of) : rule.of.some(dependsOnTime);
}
