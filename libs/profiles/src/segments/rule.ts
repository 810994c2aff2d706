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

/** Names of facts, as events about users have them, by which the value of a standard field changes. */
const factsOf: Readonly<Record<StandardField, readonly string[]>> = {
  id: ['externalId'],
  name: ['displayName', 'firstName', 'lastName'],
  first_name: ['firstName'],
  last_name: ['lastName'],
  email: ['email'],
  phone: ['phone'],
  city: ['city'],
  country: ['country'],
  region: ['region'],
  timezone: ['timezone'],
  is_account: ['isAccount'],
  created_at: ['createdAt'],
  first_seen_at: ['firstSeenAt', 'events'],
  last_seen_at: ['lastSeenAt', 'events'],
};
/** No rule asks about these. */
const besideRules = ['notes', 'preferences', 'preferencesUpdatedAt', 'devices', 'accounts', 'lists', 'activity'];
const known: ReadonlySet<string> = new Set([...Object.values(factsOf).flat(), ...besideRules]);

/** What is known of a user's change: names of facts (`email`, `attributes.plan`, `events`), or nothing at all. */
export type ChangedFacts = ReadonlySet<string> | 'anything';

/** @returns `anything` when a fact is among them of which it is not known which rules it touches */
export function changedFacts(names: readonly string[]): ChangedFacts {
  return names.every((name) => known.has(name) || name.startsWith('attributes.')) ? new Set(names) : 'anything';
}

/** Whether such a change can bring a user into the segment of this rule, or take them out of it. */
export function isTouched(rule: Rule, changed: ChangedFacts): boolean {
  if (changed === 'anything') return true;
  switch (rule.kind) {
    case 'and':
    case 'or':
      return rule.of.some((one) => isTouched(one, changed));
    case 'not':
      return isTouched(rule.of, changed);
    case 'compare':
      return factsAskedBy(rule.subject).some((fact) => changed.has(fact));
  }
}

function factsAskedBy(subject: Subject): readonly string[] {
  if (subject.kind === 'events') return ['events'];
  return subject.kind === 'standard' ? factsOf[subject.name] : [`attributes.${subject.key}`];
}

/** Comparisons in a rule: a measure of what it costs. */
export function countComparisons(rule: Rule): number {
  if (rule.kind === 'compare') return 1;
  return rule.kind === 'not' ? countComparisons(rule.of) : rule.of.reduce((sum, one) => sum + countComparisons(one), 0);
}
