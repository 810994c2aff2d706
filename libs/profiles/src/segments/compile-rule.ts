import { atAnyTime } from '../events/at-any-time.js';
import { standardFields, type Comparison, type Rule, type StandardField, type Subject } from './rule.js';

/** SQL that is true of a row `u` of `users` that is in the segment, and never null. */
export interface Predicate {
  text: string;
  /** For `$first`, `$first + 1` and so on. */
  parameters: unknown[];
}

const columns: Readonly<Record<StandardField, string>> = {
  id: 'u.external_id',
  name: `coalesce(u.display_name, nullif(concat_ws(' ', nullif(u.first_name, ''), nullif(u.last_name, '')), ''))`,
  first_name: 'u.first_name',
  last_name: 'u.last_name',
  email: 'u.email',
  phone: 'u.phone',
  city: 'u.city',
  country: 'u.country',
  region: 'u.region',
  timezone: 'u.timezone',
  is_account: 'u.is_account',
  created_at: 'u.created_at',
  first_seen_at: 'u.first_seen_at',
  last_seen_at: 'u.last_seen_at',
};
const typeNames = { text: 'text', boolean: 'boolean', time: 'timestamptz' } as const;
const order = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/** Makes a value a parameter of the statement. @returns how the text names it: `$7::text` */
type Put = (value: unknown, type: string) => string;

/**
 * Compiles a rule. Every name and value of the caller's becomes a parameter; the text holds only what is written here.
 * @param first the number of the first parameter
 */
export function compileRule(rule: Rule, first: number): Predicate {
  const parameters: unknown[] = [];
  const text = compile(rule, (value, type) => `$${first + parameters.push(value) - 1}::${type}`);
  return { text, parameters };
}

function compile(rule: Rule, put: Put): string {
  switch (rule.kind) {
    case 'and':
    case 'or':
      return rule.of.length === 0 ? String(rule.kind === 'and') : `(${rule.of.map((one) => compile(one, put)).join(rule.kind === 'and' ? ' AND ' : ' OR ')})`;
    case 'not':
      return `(NOT ${compile(rule.of, put)})`;
    case 'compare':
      // What can't be compared is not so, and its negation is: as it is where the value is absent.
      return `coalesce(${compare(rule.subject, rule.comparison, put)}, false)`;
  }
}

function compare(subject: Subject, comparison: Comparison, put: Put): string {
  switch (subject.kind) {
    case 'attribute':
      return compareAttribute(put(subject.key, 'text'), comparison, put);
    case 'standard':
      return compareColumn(subject.name, comparison, put);
    case 'events':
      return compareCount(subject, comparison, put);
  }
}

function compareAttribute(key: string, comparison: Comparison, put: Put): string {
  const value = `(u.attributes -> ${key})`;
  switch (comparison.kind) {
    case 'exists':
      return `jsonb_exists(u.attributes, ${key})`;
    case 'prefix':
      return `(jsonb_typeof(${value}) = 'string' AND starts_with(u.attributes ->> ${key}, ${put(comparison.prefix, 'text')}))`;
    case 'eq':
      return comparison.value === null ? `(NOT jsonb_exists(u.attributes, ${key}))` : `(${value} = ${put(JSON.stringify(comparison.value), 'jsonb')})`;
    case 'in': {
      const set = comparison.values.filter((one) => one !== null);
      const equal = set.length === 0 ? 'false' : `coalesce(${value} IN (SELECT jsonb_array_elements(${put(JSON.stringify(set), 'jsonb')})), false)`;
      return set.length === comparison.values.length ? equal : `(${equal} OR NOT jsonb_exists(u.attributes, ${key}))`;
    }
    default: {
      // As in MongoDB, only values of the same type have an order. CASE, because AND promises none.
      const type = typeof comparison.value;
      const compared = type === 'string' ? `(u.attributes ->> ${key}) COLLATE "C" ${order[comparison.kind]} ${put(comparison.value, 'text')}` : `${value} ${order[comparison.kind]} ${put(JSON.stringify(comparison.value), 'jsonb')}`;
      return `(CASE WHEN jsonb_typeof(${value}) = ${put(type, 'text')} THEN ${compared} ELSE false END)`;
    }
  }
}

function compareColumn(name: StandardField, comparison: Comparison, put: Put): string {
  const kind = standardFields[name];
  const column = kind === 'text' ? `(${columns[name]}) COLLATE "C"` : columns[name];
  const type = typeNames[kind];
  switch (comparison.kind) {
    case 'exists':
      return `(${columns[name]} IS NOT NULL)`;
    case 'prefix':
      return `starts_with(${columns[name]}, ${put(comparison.prefix, 'text')})`;
    case 'eq':
      return comparison.value === null ? `(${columns[name]} IS NULL)` : `(${column} = ${put(comparison.value, type)})`;
    case 'in': {
      const set = comparison.values.filter((one) => one !== null);
      const equal = `coalesce(${column} = ANY (${put(set, `${type}[]`)}), false)`;
      return set.length === comparison.values.length ? equal : `(${equal} OR ${columns[name]} IS NULL)`;
    }
    default:
      return `(${column} ${order[comparison.kind]} ${put(comparison.value, type)})`;
  }
}

function compareCount({ event, withinDays }: Extract<Subject, { kind: 'events' }>, comparison: Comparison, put: Put): string {
  const numbers = comparison.kind === 'in' ? comparison.values : 'value' in comparison ? [comparison.value] : [];
  // One more than the largest number decides every comparison: who did something a million times is not counted to the end.
  const enough = put(Math.max(...numbers.map(Number)) + 1, 'integer');
  const since = withinDays === null ? '' : ` AND e.occurred_at >= now() - make_interval(days => ${put(withinDays, 'integer')})`;
  const count = `(SELECT count(*) FROM (SELECT FROM user_events e WHERE e.realm_id = u.realm_id AND e.user_id = u.user_id AND ${atAnyTime('e')} AND e.event = ${put(event, 'text')}${since} LIMIT ${enough}) AS counted)`;
  switch (comparison.kind) {
    case 'eq':
      return `(${count} = ${put(comparison.value, 'integer')})`;
    case 'in':
      return `(${count} = ANY (${put(comparison.values, 'integer[]')}))`;
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return `(${count} ${order[comparison.kind]} ${put(comparison.value, 'integer')})`;
    default:
      throw new Error(`a count has no ${comparison.kind}`);
  }
}

/**
 * SQL of rows `(segment_id, fits)` for a row `u` of `users`: each rule's verdict.
 * @param first the number of the first parameter
 */
export function compileVerdicts(segments: readonly { segmentId: string; rule: Rule }[], first: number): Predicate {
  const parameters: unknown[] = [];
  const rows = segments.map(({ segmentId, rule }) => {
    const id = `$${first + parameters.push(segmentId) - 1}::uuid`;
    const { text, parameters: own } = compileRule(rule, first + parameters.length);
    parameters.push(...own);
    return `(${id}, ${text})`;
  });
  return { text: `(VALUES ${rows.join(', ')})`, parameters };
}
